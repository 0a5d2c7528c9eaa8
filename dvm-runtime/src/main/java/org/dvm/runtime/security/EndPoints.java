package org.dvm.runtime.security;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Finds what a socket of the JDK, or a stream of one, is connected to. */
final class EndPoints {
    private EndPoints() {}

    /** Returns the far end's address, or the own one of what listens; null if there is none. */
    static @Nullable SocketAddress of(Object socket) {
        try {
            if (socket instanceof Socket tcp) {
                return tcp.getRemoteSocketAddress();
            }
            if (socket instanceof ServerSocket server) {
                return server.getLocalSocketAddress();
            }
            if (socket instanceof DatagramSocket udp) {
                return udp.getRemoteSocketAddress();
            }
            if (socket instanceof SocketChannel tcp) {
                return tcp.getRemoteAddress();
            }
            if (socket instanceof ServerSocketChannel server) {
                return server.getLocalAddress();
            }
            if (socket instanceof DatagramChannel udp) {
                return udp.getRemoteAddress();
            }
            if (socket instanceof AsynchronousSocketChannel tcp) {
                return tcp.getRemoteAddress();
            }
            if (socket instanceof AsynchronousServerSocketChannel server) {
                return server.getLocalAddress();
            }
            Socket parent = FieldAccess.socketOf(socket);
            return parent == null ? null : parent.getRemoteSocketAddress();
        } catch (IOException e) {
            return null; // closed
        }
    }
}

package org.dvm.examples.plugins.notifier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.dvm.examples.host.Task;
import org.pf4j.Extension;

/** Hands a message over to the mail gateway. */
@Extension
public final class Notifier implements Task {
    @Override
    public String run(Path inbox, InetSocketAddress gateway) throws IOException {
        try (Socket socket = new Socket(gateway.getAddress(), gateway.getPort())) {
            socket.getOutputStream().write("new orders\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return "the gateway says " + new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}

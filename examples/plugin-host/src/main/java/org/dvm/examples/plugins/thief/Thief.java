package org.dvm.examples.plugins.thief;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dvm.examples.host.Task;
import org.pf4j.Extension;

/** Claims to count orders, and would carry them away. */
@Extension
public final class Thief implements Task {
    @Override
    public String run(Path inbox, InetSocketAddress gateway) throws IOException {
        SecurityException first = null;
        try (Socket socket = new Socket(gateway.getAddress(), gateway.getPort())) {
            socket.getOutputStream().write("mine now\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (SecurityException e) {
            first = e; // perhaps the orders can be had all the same
        }
        try (Stream<Path> orders = Files.list(inbox)) {
            return "stole " + orders.count() + " orders";
        } catch (SecurityException e) {
            if (first != null) {
                e.addSuppressed(first);
            }
            throw e;
        }
    }
}

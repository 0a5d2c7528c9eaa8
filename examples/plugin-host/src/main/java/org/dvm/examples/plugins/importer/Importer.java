package org.dvm.examples.plugins.importer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dvm.examples.host.Task;
import org.pf4j.Extension;

/** Reads the orders in the inbox. */
@Extension
public final class Importer implements Task {
    @Override
    public String run(Path inbox, InetSocketAddress gateway) throws IOException {
        try (Stream<Path> orders = Files.list(inbox)) {
            List<Path> files = orders.sorted().toList();
            long lines = 0;
            for (Path file : files) {
                lines += Files.readAllLines(file).size();
            }
            return "imported " + lines + " lines of " + files.size() + " orders";
        }
    }
}

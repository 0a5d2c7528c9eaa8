package org.dvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The agent's options as a file, in which any value can stand. */
final class AgentOption {
    private AgentOption() {}

    /** Writes the options into a directory and returns what stands behind {@code dvm-agent.jar=}. */
    static String write(Path directory, List<String> services, Map<String, String> options) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("services", String.join(",", services));
        options.forEach(properties::setProperty);
        Path file = directory.resolve("agent.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        return "config=" + file;
    }
}

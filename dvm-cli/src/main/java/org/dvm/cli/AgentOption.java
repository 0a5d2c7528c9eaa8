package org.dvm.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** What stands behind {@code dvm-agent.jar=}. */
final class AgentOption {
    /** As the agent reads its options. */
    private static final Pattern NEXT_OPTION = Pattern.compile(",\\s*[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z0-9]+)*=");

    private AgentOption() {}

    /**
     * Returns the options themselves, for a command that is to be kept.
     *
     * @throws BadInputException if a value looks like the beginning of another option
     */
    static String inline(List<String> services, Map<String, String> options) {
        StringBuilder text = new StringBuilder("services=").append(String.join(",", services));
        options.forEach((name, value) -> {
            if (NEXT_OPTION.matcher(value).find()) {
                throw new BadInputException(
                        "this can stand in a file only, given to the agent by config=FILE: " + name + "=" + value);
            }
            text.append(',').append(name).append('=').append(value);
        });
        return text.toString();
    }

    /** Writes the options into a file in a directory, where any value can stand, and returns the option that names it. */
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

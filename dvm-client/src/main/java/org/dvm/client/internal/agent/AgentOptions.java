package org.dvm.client.internal.agent;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The agent's options: {@code services=audit,profile,audit.spec=com.acme.**;-**.get*,report=agent.jsonl}.
 *
 * <p>A comma begins another option where {@code name=} follows it, and belongs to the value elsewhere.
 *
 * @param services names of the services, in order
 * @param serviceOptions by service and name
 * @param systemProperties to set before the application starts: those that begin with {@code dvm.}
 * @param report where the report goes; null for nowhere
 * @param reportToConsole whether the report goes to standard error
 */
record AgentOptions(
        List<String> services,
        Map<String, String> serviceOptions,
        Map<String, String> systemProperties,
        @Nullable Path report,
        boolean reportToConsole) {
    AgentOptions {
        services = List.copyOf(services);
        serviceOptions = Map.copyOf(serviceOptions);
        systemProperties = Map.copyOf(systemProperties);
    }

    /**
     * Parses the text after {@code -javaagent:dvm-agent.jar=}.
     *
     * @throws IllegalArgumentException if an option is wrong; the message says the cure
     */
    static AgentOptions parse(String text) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String option : split(text)) {
            int equals = option.indexOf('=');
            if (equals < 0 && !option.isBlank()) {
                throw new IllegalArgumentException("an option is NAME=VALUE: " + option.trim());
            }
            if (equals >= 0 && given.put(option.substring(0, equals).trim(), option.substring(equals + 1)) != null) {
                throw new IllegalArgumentException(
                        "option given twice: " + option.substring(0, equals).trim());
            }
        }
        String config = given.remove("config");
        if (config != null) {
            readConfig(config).forEach(given::putIfAbsent);
        }
        return fromMap(given);
    }

    /** Splits at each comma that {@code NAME=} follows. Without regular expressions, which cost more than the rest. */
    private static List<String> split(String text) {
        List<String> options = new ArrayList<>();
        int from = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
            if (beginsOption(text, comma + 1)) {
                options.add(text.substring(from, comma));
                from = comma + 1;
            }
        }
        options.add(text.substring(from));
        return options;
    }

    /** Returns whether a name of letters, digits and single dots follows, and an equals sign. */
    private static boolean beginsOption(String text, int start) {
        int at = start;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int begin = at;
        while (at < text.length() && (isNameCharacter(text.charAt(at)) || isDotInName(text, begin, at))) {
            at++;
        }
        return at > begin && at < text.length() && text.charAt(at) == '=' && text.charAt(begin) > '9';
    }

    private static boolean isDotInName(String text, int begin, int at) {
        return text.charAt(at) == '.'
                && at > begin
                && text.charAt(at - 1) != '.'
                && at + 1 < text.length()
                && isNameCharacter(text.charAt(at + 1));
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static Map<String, String> readConfig(String file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(file))) {
            properties.load(in);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("config can't be read: " + file + ": " + e, e);
        }
        Map<String, String> map = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }

    private static AgentOptions fromMap(Map<String, String> given) {
        String services = given.remove("services");
        String report = given.remove("report");
        Map<String, String> systemProperties = new LinkedHashMap<>();
        Map<String, String> serviceOptions = new LinkedHashMap<>();
        for (Map.Entry<String, String> option : given.entrySet()) {
            String name = option.getKey();
            if (name.startsWith("dvm.")) {
                systemProperties.put(name, option.getValue());
            } else if (name.indexOf('.') > 0) {
                serviceOptions.put(name, option.getValue());
            } else {
                throw new IllegalArgumentException("no such option: " + name
                        + "; there are services, report, config, SERVICE.OPTION and dvm.PROPERTY");
            }
        }
        List<String> names = new ArrayList<>();
        for (String name : services == null ? new String[0] : services.split(",")) {
            if (!name.isBlank()) {
                names.add(name.trim());
            }
        }
        boolean console = "-".equals(report);
        return new AgentOptions(
                names, serviceOptions, systemProperties, report == null || console ? null : Path.of(report), console);
    }
}

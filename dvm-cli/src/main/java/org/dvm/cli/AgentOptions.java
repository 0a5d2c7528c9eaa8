package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the agent shall do and where it writes: the options of the commands that start one. */
final class AgentOptions {
    @Mixin
    private ServiceOptions services = new ServiceOptions();

    @Option(
            names = "--audit-file",
            paramLabel = "FILE",
            description = "Audit events as JSON lines (dvm-audit-PID.jsonl).")
    private @Nullable Path auditFile;

    @Option(
            names = "--profile-file",
            paramLabel = "FILE",
            description = "Call counts (dvm-profile-PID.json; .txt: table).")
    private @Nullable Path profileFile;

    @Option(names = "--report", paramLabel = "FILE", description = "What the agent did to each class, as JSON lines.")
    private @Nullable Path report;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Deny nothing; record what the policy would deny, for 'dvm policy learn'.")
    private @Nullable Path record;

    /** Returns the services' names, in order. */
    List<String> serviceNames() {
        return services.names();
    }

    /**
     * Writes the options into a directory and returns what stands behind {@code dvm-agent.jar=}. What is wrong with them
     * is said here rather than from within the other JVM.
     */
    String write(Path directory) throws IOException {
        return write(directory, services.names(), checkedOptions());
    }

    /** Does the same for an agent without services. */
    String writeWithoutServices(Path directory) throws IOException {
        return write(directory, List.of("none"), new LinkedHashMap<>());
    }

    /** Returns the options themselves, checked likewise, for a command that is to be kept. */
    String inline() {
        Map<String, String> options = checkedOptions();
        addFiles(options);
        return AgentOption.inline(services.names(), options);
    }

    private Map<String, String> checkedOptions() {
        Map<String, String> options = new LinkedHashMap<>(services.options());
        if (record != null) {
            options.put("security.mode", "permissive");
            options.put("security.record", record.toAbsolutePath().toString());
        }
        services.checkForAgent(options);
        return options;
    }

    private String write(Path directory, List<String> names, Map<String, String> options) throws IOException {
        addFiles(options);
        return AgentOption.write(directory, names, options);
    }

    private void addFiles(Map<String, String> options) {
        put(options, "report", report);
        put(options, "dvm.audit.file", auditFile);
        put(options, "dvm.profile.file", profileFile);
    }

    private static void put(Map<String, String> options, String name, @Nullable Path file) {
        if (file != null) {
            options.put(name, file.toAbsolutePath().toString());
        }
    }
}

package org.dvm.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which commands choose services; the same everywhere. */
final class ServiceOptions {
    private static final String STANDARD = "standard:";

    @Option(
            names = "--services",
            split = ",",
            paramLabel = "NAME",
            description = "Services in order, such as verify,security,audit,profile. Options below add theirs.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--audit",
            paramLabel = "SPEC",
            description = "Write events at methods that the rules choose, such as 'com.acme.**; -**.get*'.")
    private @Nullable String audit;

    @Option(names = "--profile", paramLabel = "SPEC", description = "Count calls of methods that the rules choose.")
    private @Nullable String profile;

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "Enforce a security policy: an XML file, or standard:NAME.")
    private @Nullable String policy;

    @Option(
            names = {"-O", "--option"},
            paramLabel = "SERVICE.NAME=VALUE",
            description = "An option of a service.")
    private Map<String, String> options = new LinkedHashMap<>();

    /** Returns the names in order: those given, and those that options imply. */
    List<String> names() {
        List<String> all = new ArrayList<>(names);
        imply(all, policy != null, "security");
        imply(all, profile != null, "profile");
        imply(all, audit != null, "audit");
        if (all.isEmpty()) {
            throw new BadInputException(
                    "no services asked for: give --services NAME,... or --audit, --profile, --policy;"
                            + " 'dvm services' lists what there is");
        }
        return all;
    }

    private static void imply(List<String> all, boolean given, String name) {
        if (given && !all.contains(name)) {
            all.add(name);
        }
    }

    /** Returns the services' options by service and name. */
    Map<String, String> options() {
        Map<String, String> all = new LinkedHashMap<>(options);
        if (audit != null) {
            all.put("audit.spec", audit);
        }
        if (profile != null) {
            all.put("profile.spec", profile);
        }
        if (policy != null) {
            // The other JVM may start in another directory.
            all.put("security.policy", policy.startsWith(STANDARD) ? policy : absolute(policy));
        }
        return all;
    }

    private static String absolute(String file) {
        try {
            return Path.of(file).toAbsolutePath().toString();
        } catch (InvalidPathException e) {
            throw new BadInputException("--policy: no file name: " + e.getMessage());
        }
    }

    /** Returns the pipeline asked for. */
    TransformPipeline pipeline() {
        return services().pipeline(names(), options());
    }

    /** Says what is wrong with the services asked for and these options of theirs in an agent, if anything is. */
    void checkForAgent(Map<String, String> options) {
        services().checkAgent(names(), options);
    }

    private static Services services() {
        return Services.load(ServiceOptions.class.getClassLoader());
    }
}

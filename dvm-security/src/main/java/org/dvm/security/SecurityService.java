package org.dvm.security;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.core.pipeline.AgentService;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.runtime.security.EnforcementManager;
import org.dvm.security.engine.CodeFacts;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.PolicyException;
import org.dvm.security.policy.PolicyReader;
import org.dvm.security.policy.StandardPolicies;
import org.jspecify.annotations.Nullable;

/**
 * Makes the filter that inserts checks into code before it runs. Options: {@code policy}, a policy file, or
 * {@code standard:NAME}; without it {@code standard:plugin-host} holds, which assigns no code and so restricts all.
 */
public final class SecurityService implements AgentService {
    private static final String STANDARD = "standard:";
    private static final List<String> OPTIONS = List.of("policy", "mode", "record", "cache");

    /** For {@link java.util.ServiceLoader}. */
    public SecurityService() {}

    @Override
    public String name() {
        return "security";
    }

    @Override
    public String description() {
        return "inserts the access checks that a policy asks for";
    }

    @Override
    public ClassTransformer transformer(Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!option.equals("policy")) {
                throw new IllegalArgumentException("no such option: " + option + "; there is policy");
            }
        }
        return transformer(policy(options.getOrDefault("policy", STANDARD + "plugin-host")));
    }

    /**
     * Guards this JVM. Options: {@code policy} as above; {@code mode}, {@code enforcing} or {@code permissive};
     * {@code record}, the file to which a permissive run writes the accesses that it let through; {@code cache}, the
     * directory of the start cache, or {@code none}.
     */
    @Override
    public void start(Instrumentation instrumentation, Map<String, String> options) {
        EnforcementManager.Mode mode = mode(options);
        StartCache cache = cache(options.getOrDefault("cache", ""));
        SecurityLog log = new SecurityLog(options.getOrDefault("record", ""));
        SecurityAgent agent = SecurityAgent.install(
                instrumentation,
                PolicyInForce.read(options.getOrDefault("policy", STANDARD + "plugin-host"), cache),
                cache,
                log,
                mode);
        Runtime.getRuntime().addShutdownHook(new End(agent, log));
    }

    @Override
    public void check(Map<String, String> options) {
        EnforcementManager.Mode mode = mode(options);
        if (options.containsKey("record") && mode != EnforcementManager.Mode.PERMISSIVE) {
            throw new IllegalArgumentException(
                    "a run that enforces its policy records nothing: say security.mode=permissive, too");
        }
        policy(options.getOrDefault("policy", STANDARD + "plugin-host"));
    }

    private static EnforcementManager.Mode mode(Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("no such option: " + option + "; there are " + OPTIONS);
            }
        }
        return switch (options.getOrDefault("mode", "enforcing")) {
            case "enforcing" -> EnforcementManager.Mode.ENFORCING;
            case "permissive" -> EnforcementManager.Mode.PERMISSIVE;
            default ->
                throw new IllegalArgumentException(
                        "no such mode: " + options.get("mode") + "; there are enforcing and permissive");
        };
    }

    /** Delivers what is queued when the JVM ends. */
    private static final class End extends Thread {
        private final SecurityAgent agent;
        private final SecurityLog log;

        End(SecurityAgent agent, SecurityLog log) {
            super(null, null, "dvm-security-end", 0, false);
            this.agent = agent;
            this.log = log;
        }

        @Override
        public void run() {
            agent.close();
            log.flush();
        }
    }

    /** Opens the start cache: by default below the user's cache directory; null without one. */
    private static @Nullable StartCache cache(String option) {
        File jar = ownJar();
        if (option.equals("none") || jar == null) {
            return null;
        }
        String shared = System.getenv("XDG_CACHE_HOME");
        Path directory = !option.isEmpty()
                ? Path.of(option)
                : shared != null && !shared.isEmpty()
                        ? Path.of(shared, "dvm", "start")
                        : Path.of(System.getProperty("user.home"), ".cache", "dvm", "start");
        return StartCache.open(
                directory.toAbsolutePath(), jar.getPath() + "|" + jar.length() + "|" + jar.lastModified());
    }

    /** Returns the jar that this build of the library stands in; null if it runs from a directory. */
    static @Nullable File ownJar() {
        CodeSource code = SecurityService.class.getProtectionDomain().getCodeSource();
        if (code == null || !code.getLocation().getProtocol().equals("file")) {
            return null;
        }
        try {
            File file = new File(code.getLocation().toURI());
            return file.isFile() ? file : null;
        } catch (URISyntaxException e) {
            return null; // a loader that doesn't quote what it has to
        }
    }

    /** Returns the filter for a policy; a class's subject is told by its source and package. */
    public static ClassTransformer transformer(Policy policy) {
        PolicyEngine engine = new PolicyEngine(policy);
        return new SecurityFilter(
                SecurityFilter.Code.APPLICATION,
                OperationIndex.ofJdk(policy),
                OperationIndex.ofApplications(policy),
                unit -> engine.subjectOf(
                        new CodeFacts(unit.name().replace('/', '.'), unit.source(), "", "", "", Set.of())),
                engine.fingerprint());
    }

    /**
     * Reads a policy by the name that users give.
     *
     * @param name a file, or {@code standard:NAME}
     * @throws IllegalArgumentException if there is none, or something is wrong in it; the message says where and the cure
     */
    public static Policy policy(String name) {
        if (name.startsWith(STANDARD)) {
            return StandardPolicies.load(name.substring(STANDARD.length()));
        }
        try {
            return PolicyReader.read(Path.of(name));
        } catch (IOException e) {
            throw new IllegalArgumentException("the policy can't be read: " + e, e);
        } catch (PolicyException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}

package org.dvm.security;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
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

/**
 * Makes the filter that inserts checks into code before it runs. Options: {@code policy}, a policy file, or
 * {@code standard:NAME}; without it {@code standard:plugin-host} holds, which assigns no code and so restricts all.
 */
public final class SecurityService implements AgentService {
    private static final String STANDARD = "standard:";

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
     * {@code record}, the file to which a permissive run writes the accesses that it let through.
     */
    @Override
    public void start(Instrumentation instrumentation, Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!List.of("policy", "mode", "record").contains(option)) {
                throw new IllegalArgumentException("no such option: " + option + "; there are policy, mode and record");
            }
        }
        EnforcementManager.Mode mode = switch (options.getOrDefault("mode", "enforcing")) {
            case "enforcing" -> EnforcementManager.Mode.ENFORCING;
            case "permissive" -> EnforcementManager.Mode.PERMISSIVE;
            default ->
                throw new IllegalArgumentException(
                        "no such mode: " + options.get("mode") + "; there are enforcing and permissive");
        };
        Policy policy = policy(options.getOrDefault("policy", STANDARD + "plugin-host"));
        SecurityLog log = new SecurityLog(options.getOrDefault("record", ""));
        SecurityAgent agent = SecurityAgent.install(instrumentation, policy, log, mode);
        Runnable end = () -> {
            agent.close();
            log.flush();
        };
        Runtime.getRuntime().addShutdownHook(new Thread(null, end, "dvm-security-end", 0, false));
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

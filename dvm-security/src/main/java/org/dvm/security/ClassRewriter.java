package org.dvm.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.dvm.security.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the JDK's classes and the application's: all that needs the class-file engine. Made when something must be
 * rewritten that no earlier start has seen, or code of a restricted subject is loaded.
 *
 * <p><b>Threads:</b> all.
 */
final class ClassRewriter {
    private final String fingerprint;
    private final OperationIndex jdkOperations;
    private final OperationIndex applicationOperations;
    private final ClassRepository jdk = ClassRepositories.runningJdk();
    private final TransformPipeline jdkPipeline;
    private final Map<String, TransformPipeline> pipelines = new ConcurrentHashMap<>();

    ClassRewriter(Policy policy, String fingerprint) {
        this.fingerprint = fingerprint;
        this.jdkOperations = OperationIndex.ofJdk(policy);
        this.applicationOperations = OperationIndex.ofApplications(policy);
        this.jdkPipeline = TransformPipeline.of(filter(SecurityFilter.Code.JDK, ""));
        warmUp();
    }

    /** Loads the engine's classes before a class that is being loaded needs them. */
    private void warmUp() {
        RawClass example = jdk.find("java/util/Timer");
        if (example == null) {
            throw new IllegalStateException("the running JDK's classes can't be read");
        }
        pipeline("warm-up").process(example.bytes(), "", jdk);
        jdkPipeline.process(example.bytes(), "", jdk);
    }

    private TransformPipeline pipeline(String subject) {
        TransformPipeline known = pipelines.get(subject);
        return known != null
                ? known
                : pipelines.computeIfAbsent(
                        subject, s -> TransformPipeline.of(filter(SecurityFilter.Code.APPLICATION, s)));
    }

    private SecurityFilter filter(SecurityFilter.Code code, String subject) {
        return new SecurityFilter(code, jdkOperations, applicationOperations, unit -> subject, fingerprint + subject);
    }

    /** Returns what a class of the JDK is rewritten to; null if it stays as it is. */
    byte @Nullable [] rewriteJdk(byte[] classFile) {
        return output(jdkPipeline.process(classFile, "", jdk));
    }

    /**
     * Returns what a class of a subject is rewritten to; null if it stays as it is.
     *
     * @param subject empty for trusted code
     */
    byte @Nullable [] rewrite(String subject, @Nullable ClassLoader loader, byte[] classFile) {
        return output(pipeline(subject).process(classFile, "", repository(loader)));
    }

    private static byte @Nullable [] output(TransformResult result) {
        return switch (result.status()) {
            case UNCHANGED -> null;
            case CHANGED, REPLACED -> result.output();
            case FAILED -> throw new IllegalStateException(result.findings().toString());
        };
    }

    /** Application classes are only asked for their own operations, whose owners mostly are in the same loader. */
    private ClassRepository repository(@Nullable ClassLoader loader) {
        return loader == null || applicationOperations.owners().isEmpty()
                ? jdk
                : ClassRepositories.chain(jdk, ClassRepositories.loader(loader));
    }

    /** Returns whether a loaded class of the JDK has operations, its own or inherited, or a hook. */
    boolean concerns(Class<?> type) {
        String name = type.getName().replace('.', '/');
        return OperationIndex.isJdkName(name) && (JdkHooks.concern(name) || inherits(type));
    }

    private boolean inherits(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        if (jdkOperations.owners().contains(type.getName().replace('.', '/'))
                || type.getName().equals("jdk.internal.access.JavaLangAccess")) {
            return true;
        }
        for (Class<?> superinterface : type.getInterfaces()) {
            if (inherits(superinterface)) {
                return true;
            }
        }
        return inherits(type.getSuperclass());
    }
}

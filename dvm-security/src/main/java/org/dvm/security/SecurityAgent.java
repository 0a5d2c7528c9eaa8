package org.dvm.security;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.dvm.runtime.security.AuditSink;
import org.dvm.runtime.security.EnforcementManager;
import org.dvm.runtime.security.HiddenClasses;
import org.dvm.security.engine.CodeFacts;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.policy.Policy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards a running JVM: rewrites the JDK's classes that have operations, those loaded already and those to come,
 * rewrites application classes by their subject, and starts the enforcement manager.
 *
 * <p>The runtime must stand on the boot class path, and this class must be out of the application's sight.
 *
 * <p><b>Threads:</b> one thread installs; afterwards all.
 */
public final class SecurityAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityAgent.class);
    private static final int BATCH = 64;

    /** What no JVM accepts as a class. */
    private static final byte[] NO_CLASS = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};

    private final Instrumentation instrumentation;
    private final PolicyEngine engine;
    private final OperationIndex jdkOperations;
    private final OperationIndex applicationOperations;
    private final ClassRepository jdk = ClassRepositories.runningJdk();
    private final TransformPipeline jdkPipeline;
    private final Map<String, TransformPipeline> pipelines = new ConcurrentHashMap<>();
    private final Transformer transformer = new Transformer();
    private EnforcementManager.@Nullable Installation installation;

    private SecurityAgent(Instrumentation instrumentation, Policy policy) {
        this.instrumentation = instrumentation;
        this.engine = new PolicyEngine(policy);
        this.jdkOperations = OperationIndex.ofJdk(policy);
        this.applicationOperations = OperationIndex.ofApplications(policy);
        this.jdkPipeline = TransformPipeline.of(filter(SecurityFilter.Code.JDK, ""));
    }

    /**
     * Guards this JVM.
     *
     * @param instrumentation the JVM's
     * @param policy the policy to enforce
     * @param sink who receives denials
     * @param mode whether to deny or to learn
     * @throws IllegalStateException if the runtime isn't on the boot class path, a JDK class can't be rewritten, or
     *     enforcement was started already
     */
    public static SecurityAgent install(
            Instrumentation instrumentation, Policy policy, AuditSink sink, EnforcementManager.Mode mode) {
        if (EnforcementManager.class.getClassLoader() != null) {
            throw new IllegalStateException("dvm-runtime must be on the boot class path");
        }
        SecurityAgent agent = new SecurityAgent(instrumentation, policy);
        agent.openBase();
        agent.warmUp();
        HiddenClasses.setRewriter(agent::rewriteHidden);
        instrumentation.addTransformer(agent.transformer, true);
        agent.retransformLoaded();
        EnforcementManager.Installation installed = EnforcementManager.install(agent.engine, sink, mode);
        agent.installation = installed;
        agent.engine.whenWider(installed::policyChanged);
        return agent;
    }

    /**
     * Puts another policy in force; code that is loaded already keeps its subjects and its checks.
     *
     * @return the new epoch; when it returns, no check that begins is permitted by the former policy
     */
    public long replacePolicy(Policy policy) {
        long epoch = engine.replace(policy);
        EnforcementManager.Installation installed = installation;
        if (installed != null) {
            installed.policyChanged();
        }
        return epoch;
    }

    /** Returns the engine that decides. */
    public PolicyEngine engine() {
        return engine;
    }

    /** Ends enforcement; inserted checks stay and pass. */
    @Override
    public void close() {
        EnforcementManager.Installation installed = installation;
        if (installed != null) {
            installed.close();
        }
    }

    /** Opens the packages whose private fields name open files to the runtime. */
    private void openBase() {
        open(Object.class.getModule(), List.of("java.io", "java.net", "java.util.zip", "sun.nio.ch", "sun.nio.fs"));
        ModuleLayer.boot().findModule("jdk.zipfs").ifPresent(m -> open(m, List.of("jdk.nio.zipfs")));
    }

    private void open(Module module, List<String> packages) {
        Set<Module> runtime = Set.of(EnforcementManager.class.getModule());
        Map<String, Set<Module>> opens = new HashMap<>();
        packages.forEach(name -> opens.put(name, runtime));
        instrumentation.redefineModule(module, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }

    /** Loads the engine's classes before a class that is being loaded needs them. */
    private void warmUp() {
        org.dvm.core.classfile.RawClass example = jdk.find("java/util/Timer");
        if (example == null) {
            throw new IllegalStateException("the running JDK's classes can't be read");
        }
        pipeline("warm-up").process(example.bytes(), "", jdk);
        jdkPipeline.process(example.bytes(), "", jdk);
        engine.subjectOf(CodeFacts.of("warm.Up", null, "", SecurityAgent.class.getProtectionDomain()));
    }

    private TransformPipeline pipeline(String subject) {
        return pipelines.computeIfAbsent(
                subject, s -> TransformPipeline.of(filter(SecurityFilter.Code.APPLICATION, s)));
    }

    private SecurityFilter filter(SecurityFilter.Code code, String subject) {
        return new SecurityFilter(
                code, jdkOperations, applicationOperations, unit -> subject, engine.fingerprint() + subject);
    }

    private void retransformLoaded() {
        List<Class<?>> targets = new ArrayList<>();
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (instrumentation.isModifiableClass(loaded) && !loaded.isArray() && concerns(loaded)) {
                targets.add(loaded);
            }
        }
        try {
            for (int i = 0; i < targets.size(); i += BATCH) {
                instrumentation.retransformClasses(
                        targets.subList(i, Math.min(i + BATCH, targets.size())).toArray(new Class<?>[0]));
            }
        } catch (UnmodifiableClassException e) {
            throw new IllegalStateException("a JDK class can't be rewritten", e);
        }
        List<String> failures = transformer.failures;
        if (!failures.isEmpty()) {
            throw new IllegalStateException("JDK classes could not be guarded: " + failures);
        }
    }

    /** Returns whether a loaded class of the JDK has operations, its own or inherited, or a hook. */
    private boolean concerns(Class<?> type) {
        String name = type.getName().replace('.', '/');
        if (!OperationIndex.isJdkName(name) || type.isHidden()) {
            return false;
        }
        return type == Thread.class || inherits(type);
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

    private byte[] rewriteHidden(String subject, @Nullable ClassLoader loader, byte[] classFile) {
        TransformResult result = pipeline(subject).process(classFile, "", repository(loader));
        if (result.status() == TransformResult.Status.FAILED) {
            throw new IllegalStateException(result.findings().toString());
        }
        return result.output();
    }

    /** Application classes are only asked for their own operations, whose owners mostly are in the same loader. */
    private ClassRepository repository(@Nullable ClassLoader loader) {
        return loader == null || applicationOperations.owners().isEmpty()
                ? jdk
                : ClassRepositories.chain(jdk, ClassRepositories.loader(loader));
    }

    private final class Transformer implements ClassFileTransformer {
        private final List<String> failures = new java.util.concurrent.CopyOnWriteArrayList<>();

        @Override
        public byte @Nullable [] transform(
                @Nullable Module module,
                @Nullable ClassLoader loader,
                @Nullable String className,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] classFile) {
            String name = className == null ? "" : className;
            try {
                return EnforcementManager.callAsSystem(() -> rewrite(module, loader, name, domain, classFile));
            } catch (RuntimeException | Error e) {
                LOG.error("class {} is refused, it could not be rewritten", name, e);
                if (redefined != null) {
                    failures.add(name + ": " + e);
                }
                // What can't be guarded must not run; the JVM would go on with the original bytes.
                return redefined == null ? NO_CLASS.clone() : null;
            }
        }
    }

    private byte @Nullable [] rewrite(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            String name,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        boolean jdkCode = JdkCode.isJdk(module, loader);
        boolean own = loader != null && loader == SecurityAgent.class.getClassLoader();
        if (own || (jdkCode && !OperationIndex.isJdkName(name))) {
            return null;
        }
        String subject = "";
        if (!jdkCode) {
            if (JdkCode.isGenerated(name, loader)) {
                return null;
            }
            subject = engine.subjectOf(CodeFacts.of(
                    name.replace('/', '.'),
                    loader,
                    module == null || !module.isNamed() ? "" : module.getName(),
                    domain));
        }
        TransformResult result = jdkCode
                ? jdkPipeline.process(classFile, "", jdk)
                : pipeline(subject).process(classFile, "", repository(loader));
        return switch (result.status()) {
            case UNCHANGED -> null;
            case CHANGED, REPLACED -> result.output();
            case FAILED -> throw new IllegalStateException(result.findings().toString());
        };
    }
}

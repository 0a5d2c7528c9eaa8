package org.dvm.security;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.dvm.runtime.security.AuditSink;
import org.dvm.runtime.security.EnforcementManager;
import org.dvm.runtime.security.HiddenClasses;
import org.dvm.security.engine.PolicyEngine;
import org.dvm.security.policy.Policy;
import org.jspecify.annotations.Nullable;
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
    /*
     * What must be done when. Checks let everything pass as long as no thread acts for a restricted subject. So the JDK
     * must be guarded before the first subject comes into being, and not a moment earlier: a process that runs no
     * restricted code pays for none of it. The enforcement manager calls prepare() before it makes the first subject.
     * Whatever is loaded by then is rewritten there, from what earlier starts have found where they have met the class;
     * classes to come are rewritten as they are loaded. If any of it fails there is no subject, so restricted code
     * doesn't run.
     *
     * A class that is loaded while this thread is rewriting another one isn't shown to any transformer by the JVM.
     * prepare() finds such classes, too, since it goes by what was guarded rather than by what was shown.
     */

    /** What no JVM accepts as a class. */
    private static final byte[] NO_CLASS = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};

    /** How often classes may turn up that were loaded while others were guarded. */
    private static final int MAX_ROUNDS = 10;

    private final Instrumentation instrumentation;
    private final PolicyInForce policy;
    private final PolicyEngine engine;
    private final @Nullable StartCache cache;
    private final Transformer transformer = new Transformer();

    /** Names of the JDK's classes that are guarded, or needn't be. */
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private volatile @Nullable ClassRewriter rewriter;

    /** What the JDK's classes are rewritten to; null until they have to be. */
    private volatile @Nullable JdkClassCache jdkClasses;

    private volatile boolean prepared;
    private EnforcementManager.@Nullable Installation installation;

    private SecurityAgent(Instrumentation instrumentation, PolicyInForce policy, @Nullable StartCache cache) {
        this.instrumentation = instrumentation;
        this.policy = policy;
        this.engine = new PolicyEngine(policy.policy());
        this.cache = cache;
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
        return install(instrumentation, PolicyInForce.of(policy), null, sink, mode);
    }

    static SecurityAgent install(
            Instrumentation instrumentation,
            PolicyInForce policy,
            @Nullable StartCache cache,
            AuditSink sink,
            EnforcementManager.Mode mode) {
        if (EnforcementManager.class.getClassLoader() != null) {
            throw new IllegalStateException("dvm-runtime must be on the boot class path");
        }
        SecurityAgent agent = new SecurityAgent(instrumentation, policy, cache);
        agent.openBase(); // first: the runtime looks for what it may read when it is initialized
        EnforcementManager.protect(agent.ownFiles());
        HiddenClasses.setRewriter(agent.new HiddenRewriter());
        instrumentation.addTransformer(agent.transformer, true);
        EnforcementManager.Installation installed =
                EnforcementManager.install(agent.engine, sink, mode, agent.new Preparation());
        agent.installation = installed;
        agent.engine.whenWider(installed::policyChanged);
        if (!policy.policy().threads().isEmpty()) {
            agent.prepare(); // threads that nobody restricted starts may be restricted by their names
        }
        return agent;
    }

    /** Returns what restricted code must not change, whatever policy says. */
    private List<String> ownFiles() {
        List<String> own = new ArrayList<>();
        for (Path file : policy.files()) {
            own.add(file.toString());
        }
        if (cache != null) {
            own.add(cache.directory().toString());
        }
        File jar = SecurityService.ownJar();
        if (jar != null) {
            try {
                own.add(jar.toPath().toRealPath().toString());
            } catch (IOException e) {
                throw new IllegalStateException("the agent's jar can't be found any more: " + jar, e);
            }
        }
        return own;
    }

    private String cacheName() {
        return "jdk-".concat(policy.operationsKey());
    }

    /** Writes what this run has rewritten, for later starts. */
    void save() {
        JdkClassCache classes = jdkClasses;
        if (cache != null && classes != null && classes.hasNews()) {
            cache.write(cacheName(), classes.content());
        }
    }

    /**
     * Puts another policy in force; code that is loaded already keeps its subjects and its checks.
     *
     * @return the new epoch; when it returns, no check that begins is permitted by the former policy
     */
    public long replacePolicy(Policy replacement) {
        long epoch = engine.replace(replacement);
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
        save();
    }

    /** Opens the packages whose private fields tell threads apart and name open files to the runtime. */
    private void openBase() {
        open(
                Object.class.getModule(),
                List.of("java.lang", "java.io", "java.net", "java.util.zip", "sun.nio.ch", "sun.nio.fs"));
        Optional<Module> zip = ModuleLayer.boot().findModule("jdk.zipfs");
        if (zip.isPresent()) {
            open(zip.get(), List.of("jdk.nio.zipfs"));
        }
    }

    private void open(Module module, List<String> packages) {
        Set<Module> runtime = Set.of(EnforcementManager.class.getModule());
        Map<String, Set<Module>> opens = new HashMap<>();
        for (String name : packages) {
            opens.put(name, runtime);
        }
        instrumentation.redefineModule(module, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }

    /** Returns the rewriter. Two threads may make it at once: no lock is held while classes are loaded for it. */
    private ClassRewriter rewriter() {
        ClassRewriter known = rewriter;
        if (known == null) {
            known = new ClassRewriter(policy.policy(), policy.operationsKey());
            engine.subjectOf("warm.Up", null, "", SecurityAgent.class.getProtectionDomain());
            rewriter = known;
        }
        return known;
    }

    /** Guards all that is loaded, before the first subject comes into being. */
    private final class Preparation implements Runnable {
        @Override
        public void run() {
            prepare();
        }
    }

    private synchronized void prepare() {
        if (prepared) {
            return;
        }
        ClassRewriter ready = rewriter(); // first: what it loads can't be rewritten by it
        JdkClassCache classes = JdkClassCache.of(cache == null ? null : cache.read(cacheName()));
        jdkClasses = classes;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Class<?>> targets = new ArrayList<>();
            for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
                if (!loaded.isArray()
                        && !loaded.isHidden()
                        && !seen.contains(loaded.getName())
                        && ready.concerns(loaded)
                        && instrumentation.isModifiableClass(loaded)) {
                    targets.add(loaded);
                }
            }
            if (targets.isEmpty()) {
                prepared = true;
                if (classes.isEmpty()) {
                    save(); // whatever becomes of this process; later findings are written at its end
                }
                return;
            }
            retransform(targets);
        }
        throw new IllegalStateException("classes of the JDK are loaded faster than they can be guarded");
    }

    private void retransform(List<Class<?>> targets) {
        if (targets.isEmpty()) {
            return;
        }
        try {
            instrumentation.retransformClasses(targets.toArray(new Class<?>[0]));
        } catch (UnmodifiableClassException e) {
            throw new IllegalStateException("a JDK class can't be rewritten", e);
        }
        List<String> failures = transformer.failures;
        if (!failures.isEmpty()) {
            throw new IllegalStateException("JDK classes could not be guarded: " + failures);
        }
    }

    private final class HiddenRewriter implements HiddenClasses.Rewriter {
        @Override
        public byte[] rewrite(String subject, @Nullable ClassLoader loader, byte[] classFile) {
            byte[] rewritten = rewriter().rewrite(subject, loader, classFile);
            return rewritten == null ? classFile : rewritten;
        }
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
                return EnforcementManager.callAsSystem(new Rewriting(module, loader, name, domain, classFile));
            } catch (RuntimeException | Error e) {
                LoggerFactory.getLogger(SecurityAgent.class)
                        .error("class {} is refused, it could not be rewritten", name, e);
                if (redefined != null) {
                    failures.add(name + ": " + e);
                }
                // What can't be guarded must not run; the JVM would go on with the original bytes.
                return redefined == null ? NO_CLASS.clone() : null;
            }
        }
    }

    /** One class to rewrite. */
    private final class Rewriting implements Supplier<byte @Nullable []> {
        private final @Nullable Module module;
        private final @Nullable ClassLoader loader;
        private final String name;
        private final @Nullable ProtectionDomain domain;
        private final byte[] classFile;

        Rewriting(
                @Nullable Module module,
                @Nullable ClassLoader loader,
                String name,
                @Nullable ProtectionDomain domain,
                byte[] classFile) {
            this.module = module;
            this.loader = loader;
            this.name = name;
            this.domain = domain;
            this.classFile = classFile;
        }

        @Override
        public byte @Nullable [] get() {
            if (loader != null && loader == SecurityAgent.class.getClassLoader()) {
                return null;
            }
            return JdkCode.isJdk(module, loader) ? rewriteJdk() : rewriteApplication();
        }

        private byte @Nullable [] rewriteJdk() {
            JdkClassCache classes = jdkClasses;
            if (classes == null || !OperationIndex.isJdkName(name)) {
                return null; // prepare() comes back to what it must
            }
            byte[] known = classes.find(classFile);
            if (known == null) {
                byte[] rewritten = rewriter().rewriteJdk(classFile);
                known = rewritten == null ? JdkClassCache.UNCHANGED : rewritten;
                classes.keep(classFile, known);
            }
            seen.add(name.replace('/', '.'));
            return known.length == 0 ? null : known;
        }

        private byte @Nullable [] rewriteApplication() {
            if (JdkCode.isGenerated(name, loader)) {
                return null;
            }
            String subject = engine.subjectOf(
                    name.replace('/', '.'),
                    loader,
                    module == null || !module.isNamed() ? "" : module.getName(),
                    domain);
            return subject.isEmpty() && !policy.operationsElsewhere()
                    ? null
                    : rewriter().rewrite(subject, loader, classFile);
        }
    }
}

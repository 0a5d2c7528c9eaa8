package org.dvm.client.internal.agent;

import java.lang.instrument.ClassFileTransformer;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import org.dvm.client.internal.LoaderClasses;
import org.dvm.client.internal.Refusal;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepository;
import org.dvm.runtime.security.EnforcementManager;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pipeline on every class of the application as the JVM defines it.
 *
 * <p>A class that fails is replaced by one that throws, since a JVM would load the original if this threw. Classes of
 * the JDK and of the agent itself pass.
 *
 * <p><b>Threads:</b> called by every thread that loads classes, also while it is in here already: asking a class loader
 * for a resource may load classes. No lock is held while that happens.
 */
final class AgentTransformer implements ClassFileTransformer {
    /** How deep class loading nests in class loading before other classes are no longer asked for. */
    private static final int MAX_NESTING = 8;

    private final ClassProcessor pipeline;
    private final AgentReport report;
    private final ExtraClasses extraClasses;
    private final LoaderClasses loaderClasses = new LoaderClasses();
    private final ClassLoader ownLoader;
    private final ClassLoader platformLoader = ClassLoader.getPlatformClassLoader();
    private final ThreadLocal<int[]> nesting = ThreadLocal.withInitial(() -> new int[1]);

    AgentTransformer(ClassProcessor pipeline, AgentReport report, ExtraClasses extraClasses, ClassLoader ownLoader) {
        this.pipeline = pipeline;
        this.report = report;
        this.extraClasses = extraClasses;
        this.ownLoader = ownLoader;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        // First of all and with nothing that could need loading: what is not the application's passes.
        if (!concerns(loader, className)) {
            return null;
        }
        try {
            // The thread may act for code that the security service restricts: rewriting is nobody's own business.
            return EnforcementManager.callAsSystem(() -> transformed(loader, domain, classFile));
        } catch (Throwable e) { // stack or heap are out; the JVM would load the class as it is
            report.say("refused " + className + ", the agent failed: " + e);
            return Refusal.noClass();
        }
    }

    private byte @Nullable [] transformed(
            @Nullable ClassLoader loader, @Nullable ProtectionDomain domain, byte[] classFile) {
        TransformResult result = process(loader, domain, classFile);
        if (!extraClasses.define(result, loader, domain, report)) {
            result = ExtraClasses.failure(result);
        }
        report.processed(result, loader);
        return switch (result.status()) {
            case UNCHANGED -> null;
            case CHANGED, REPLACED -> result.output();
            case FAILED -> Refusal.classFile(classFile, result);
        };
    }

    /** Returns whether a class is the application's. */
    boolean concerns(@Nullable ClassLoader loader, @Nullable String className) {
        if (loader == null || loader == platformLoader || loader.getClass() == ownLoader.getClass()) {
            return false; // the latter: also what was attached before
        }
        // Accessors that JDK 17 generates for reflection, and the agent's own entry on the class path.
        return className == null
                || !className.startsWith("jdk/internal/reflect/") && !className.startsWith("org/dvm/client/boot/");
    }

    private TransformResult process(@Nullable ClassLoader loader, @Nullable ProtectionDomain domain, byte[] classFile) {
        int[] depth = nesting.get();
        depth[0]++;
        try {
            ClassRepository classes = depth[0] > MAX_NESTING ? ClassRepository.EMPTY : loaderClasses.of(loader);
            return pipeline.process(classFile, source(domain), classes);
        } finally {
            depth[0]--;
        }
    }

    private static String source(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        return source == null || source.getLocation() == null
                ? ""
                : source.getLocation().toString();
    }
}

package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.verifier.internal.ClassInput;

/**
 * Verifies jars, directories, class files and modules of a JDK.
 *
 * <pre>{@code
 * VerificationReport report = VerificationRun.of("app.jar").withClassPath("lib/*").run(VerificationRun.Progress.NONE);
 * }</pre>
 *
 * <p>Known are the inputs, the class path and the running JDK; assumptions about them are decided, others deferred.
 *
 * <p><b>Threads:</b> a value; a run uses threads of its own.
 */
public final class VerificationRun {
    /** Hears how far a run is; called from several threads. */
    public interface Progress {
        /** Hears nothing. */
        Progress NONE = (done, total) -> {};

        /** Says that some of all classes are done. */
        void advanced(int done, int total);
    }

    private static final int BATCH = 64;

    /** The first release with multi-release jars is 9; what is older sees none. */
    private static final int FIRST_RELEASE = 8;

    private final List<String> inputs;
    private final String classPath;
    private final JvmRelease jvm;
    private final int jobs;
    private final Verifier.Findings findings;

    private VerificationRun(
            List<String> inputs, String classPath, JvmRelease jvm, int jobs, Verifier.Findings findings) {
        this.inputs = List.copyOf(inputs);
        this.classPath = classPath;
        this.jvm = jvm;
        this.jobs = jobs;
        this.findings = findings;
    }

    /**
     * Returns a run over inputs.
     *
     * @param inputs paths of jars, directories and class files, {@code jrt:/java.base} for a module of the running JDK,
     *     {@code jrt:/} for all of them
     */
    public static VerificationRun of(List<String> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("nothing to verify: name jars, directories, class files or jrt:/MODULE");
        }
        return new VerificationRun(
                inputs, "", JvmRelease.NEWEST, Runtime.getRuntime().availableProcessors(), Verifier.Findings.FIRST);
    }

    /** Returns a run over inputs. */
    public static VerificationRun of(String... inputs) {
        return of(List.of(inputs));
    }

    /** Returns this run with other classes known: jars and directories, separated as on the java command line. */
    public VerificationRun withClassPath(String given) {
        return new VerificationRun(inputs, requireNonNull(given, "given"), jvm, jobs, findings);
    }

    /**
     * Returns this run by the rules of one JVM: the class file versions that it knows, what its verifier refuses, and what
     * it sees of multi-release jars. Without, all versions and preview features are taken, by the newest JVM's rules, and
     * multi-release jars are what the running Java sees.
     *
     * @param given a release from 8 on; its preview features count if it has them enabled
     */
    public VerificationRun withJvm(JvmRelease given) {
        if (given.feature() < FIRST_RELEASE) {
            throw new IllegalArgumentException("release must be 8 or later: release=" + given.feature());
        }
        return new VerificationRun(inputs, classPath, given, jobs, findings);
    }

    /** Returns this run with that many threads, 1 or more. */
    public VerificationRun withJobs(int given) {
        if (given < 1) {
            throw new IllegalArgumentException("jobs must be 1 or more: jobs=" + given);
        }
        return new VerificationRun(inputs, classPath, jvm, given, findings);
    }

    /** Returns this run with another number of findings a class. */
    public VerificationRun withFindings(Verifier.Findings given) {
        return new VerificationRun(inputs, classPath, jvm, jobs, requireNonNull(given, "given"));
    }

    /**
     * Verifies all classes.
     *
     * @param progress hears how far it is
     * @throws IOException if an input or the class path can't be read
     */
    public VerificationReport run(Progress progress) throws IOException {
        int release = jvm.equals(JvmRelease.NEWEST) ? Runtime.version().feature() : jvm.feature();
        List<ClassInput> classes = ClassInput.read(inputs, release);
        try (ClassRepositories world = world(release)) {
            Verifier verifier = Verifier.openWorld(ClassRepositories.chain(ClassInput.repository(classes), world))
                    .forJvm(jvm)
                    .with(findings)
                    .with(Verifier.References.COLLECT);
            return new VerificationReport(verifyAll(verifier, classes, progress));
        }
    }

    private ClassRepositories world(int release) throws IOException {
        return ClassRepositories.of(ClassRepositories.classPath(classPath, release), ClassRepositories.runningJdk());
    }

    private List<ClassResult> verifyAll(Verifier verifier, List<ClassInput> classes, Progress progress) {
        ExecutorService executor = Executors.newFixedThreadPool(jobs);
        try {
            AtomicInteger done = new AtomicInteger();
            List<Future<List<ClassResult>>> batches = new ArrayList<>();
            for (int from = 0; from < classes.size(); from += BATCH) {
                List<ClassInput> batch = classes.subList(from, Math.min(from + BATCH, classes.size()));
                batches.add(executor.submit(() -> {
                    List<ClassResult> results =
                            batch.stream().map(each -> each.verify(verifier)).toList();
                    progress.advanced(done.addAndGet(batch.size()), classes.size());
                    return results;
                }));
            }
            List<ClassResult> results = new ArrayList<>(classes.size());
            for (Future<List<ClassResult>> batch : batches) {
                results.addAll(batch.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while verifying", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("verification failed: " + e.getCause(), e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }
}

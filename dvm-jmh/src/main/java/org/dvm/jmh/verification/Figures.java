package org.dvm.jmh.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.testkit.ForkedJvm;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Deferred;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.Verifier;
import org.dvm.verifier.VerifyFilter;
import org.dvm.verifier.VerifyFilter.World;

/** The paper's figures 7 and 8, for five applications of today. */
final class Figures {
    private static final int ROUNDS = 5;
    private static final int REPETITIONS = 12;

    private Figures() {}

    // ---- figure 8 ----

    /** Counts the checks made statically, and those left for the client, where nothing is known and where all is. */
    static void printFigure8() throws Exception {
        System.out.println("figure 8: checks made statically and left for the client");
        row("", "classes", "static", "class", "method", "references", "static, known", "left, known");
        for (Application each : Application.values()) {
            List<byte[]> classes = HotSpotStage.classes(List.of(each.jar()));
            Counts open = count(classes, Verifier.openWorld());
            try (ClassRepositories world = ClassRepositories.of(
                    ClassRepositories.classPath(List.of(each.jar())), ClassRepositories.runningJdk())) {
                Counts known = count(classes, Verifier.openWorld(world));
                row(
                        each.name(),
                        classes.size(),
                        open.made,
                        open.left[0],
                        open.left[1],
                        open.left[2],
                        known.made,
                        known.left[0] + known.left[1] + known.left[2]);
            }
        }
    }

    /** What was decided, and what is left by scope. */
    private static final class Counts {
        private long made;
        private final long[] left = new long[Assumption.Scope.values().length];
    }

    private static Counts count(List<byte[]> classes, Verifier verifier) throws Exception {
        Counts counts = new Counts();
        for (byte[] each : classes) {
            RawClass raw = FormatChecker.read(each);
            Verdict verdict = verifier.with(Verifier.References.COLLECT).verify(raw);
            counts.made += verdict.staticChecks();
            if (verdict instanceof Verdict.Accepted accepted) {
                for (Deferred deferred : accepted.assumptions()) {
                    counts.left[deferred.assumption().scope().ordinal()]++;
                }
            }
        }
        return counts;
    }

    private static void row(Object... cells) {
        StringBuilder row = new StringBuilder(String.format("  %-8s", cells[0]));
        for (int i = 1; i < cells.length; i++) {
            row.append(
                    cells[i] instanceof Number
                            ? String.format(Locale.ROOT, " %,13d", ((Number) cells[i]).longValue())
                            : String.format(" %13s", cells[i]));
        }
        System.out.println(row);
    }

    // ---- figure 7 ----

    /** How an application runs. */
    private enum Mode {
        UNVERIFIED("-XX:-BytecodeVerificationRemote"),
        VERIFIED_BY_JVM("-XX:+BytecodeVerificationRemote"),
        SELF_VERIFYING("-XX:-BytecodeVerificationRemote"),
        SELF_VERIFYING_OPEN("-XX:-BytecodeVerificationRemote");

        private final String option;

        Mode(String option) {
            this.option = option;
        }
    }

    /** Measures what verification costs the client: CPU time of the thread that runs the application. */
    static void printFigure7() throws IOException {
        System.out.println(
                "figure 7: what verification costs the client, ms of CPU time of the main thread, and the whole"
                        + " run; " + ROUNDS + " runs of each kind in turns, lowest");
        System.out.printf(
                "  %-8s %12s %12s %14s %12s %16s%n",
                "", "first run", "JVM verifies", "self-verifying", "(open world)", "steady, self/JVM");
        Path directory = Files.createTempDirectory("dvm-bench");
        try {
            for (Application each : Application.values()) {
                printFigure7(each, directory);
            }
        } finally {
            ApplicationRun.delete(directory);
        }
    }

    private static void printFigure7(Application application, Path directory) throws IOException {
        Path known = rewritten(application, World.KNOWN, directory);
        Path open = rewritten(application, World.OPEN, directory);
        Path[] jars = {application.jar(), application.jar(), known, open};
        long[] first = new long[Mode.values().length];
        long[] steady = new long[Mode.values().length];
        Arrays.fill(first, Long.MAX_VALUE);
        Arrays.fill(steady, Long.MAX_VALUE);
        for (int round = 0; round < ROUNDS; round++) {
            for (Mode mode : Mode.values()) {
                long[] nanos = run(application, jars[mode.ordinal()], mode);
                first[mode.ordinal()] = Math.min(first[mode.ordinal()], nanos[0]);
                steady[mode.ordinal()] = Math.min(steady[mode.ordinal()], nanos[1]);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "  %-8s %12.0f %12.1f %14.1f %12.1f %16.3f%n",
                application,
                first[0] / 1e6,
                (first[Mode.VERIFIED_BY_JVM.ordinal()] - first[0]) / 1e6,
                (first[Mode.SELF_VERIFYING.ordinal()] - first[0]) / 1e6,
                (first[Mode.SELF_VERIFYING_OPEN.ordinal()] - first[0]) / 1e6,
                (double) steady[Mode.SELF_VERIFYING.ordinal()] / steady[Mode.VERIFIED_BY_JVM.ordinal()]);
    }

    private static Path rewritten(Application application, World world, Path directory) throws IOException {
        Path jar = application.jar();
        Path out = directory.resolve(world + "-" + jar.getFileName());
        try (ClassRepositories classes =
                ClassRepositories.of(ClassRepositories.classPath(List.of(jar)), ClassRepositories.runningJdk())) {
            RewriteReport report = Rewriter.of(TransformPipeline.of(new VerifyFilter(world)))
                    .withClasses(classes)
                    .rewrite(jar, out);
            if (report.outcome() != RewriteReport.Outcome.REWRITTEN) {
                throw new IOException(jar + ": " + report.outcome() + " " + report.findings());
            }
        }
        return out;
    }

    private static long[] run(Application application, Path jar, Mode mode) {
        List<Path> classPath = new ArrayList<>(List.of(jar));
        classPath.addAll(Classpath.all());
        ForkedJvm jvm = ForkedJvm.of(
                        Path.of(System.getProperty("java.home")), classPath, ApplicationRun.class.getName())
                .withOptions(
                        "-XX:+UnlockDiagnosticVMOptions", mode.option, "-Xmx1g", "-XX:+UseSerialGC", "-Xshare:auto")
                .withArguments(application.name(), String.valueOf(REPETITIONS));
        ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(3));
        for (String line : outcome.out().split("\n")) {
            if (line.startsWith("nanos ")) {
                String[] words = line.strip().split(" ");
                return new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])};
            }
        }
        throw new IllegalStateException(application + " failed: " + outcome.err() + outcome.out());
    }
}

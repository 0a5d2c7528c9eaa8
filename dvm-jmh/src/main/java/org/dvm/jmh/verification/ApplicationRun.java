package org.dvm.jmh.verification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.dvm.testkit.ForkedJvm;

/**
 * An application in a JVM of its own: what its first run costs, and what a run costs when the code is warm.
 *
 * @param firstNanos CPU time of the main thread for the first run
 * @param startNanos CPU time of the whole process from its start to the end of the first run
 * @param warmNanos CPU time of the main thread for a later run, median; 0 where there was none
 */
record ApplicationRun(long firstNanos, long startNanos, long warmNanos) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String RESULT = "nanos ";

    /** How long a JVM repeats the work: first unwatched, then watched. */
    record Repetition(long warmUpMillis, long watchedMillis) {
        /** Only the first run. */
        static final Repetition NONE = new Repetition(0, 0);

        /** Long enough for compiled code. */
        static final Repetition WARM = new Repetition(3000, 1500);
    }

    /** Runs an application from jars and reports. */
    static ApplicationRun of(Application application, List<Path> jars, String verification, Repetition repetition) {
        List<Path> classPath = new ArrayList<>(jars);
        classPath.addAll(Classpath.all());
        ForkedJvm jvm = ForkedJvm.of(
                        Path.of(System.getProperty("java.home")), classPath, ApplicationRun.class.getName())
                .withOptions("-XX:+UnlockDiagnosticVMOptions", verification, "-Xmx1g", "-XX:+UseSerialGC")
                .withArguments(
                        application.name(),
                        String.valueOf(repetition.warmUpMillis()),
                        String.valueOf(repetition.watchedMillis()));
        ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(3));
        for (String line : outcome.out().split("\n")) {
            if (line.startsWith(RESULT)) {
                String[] words = line.strip().split(" ");
                return new ApplicationRun(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            }
        }
        throw new IllegalStateException(application + " failed: " + outcome.err() + outcome.out());
    }

    public static void main(String[] arguments) throws Exception {
        Application application = Application.valueOf(arguments[0]);
        Path directory = Files.createTempDirectory("dvm-bench");
        try {
            long first = nanos(application, directory);
            long start = processNanos();
            repeat(application, directory, Long.parseLong(arguments[1]));
            List<Long> warm = repeat(application, directory, Long.parseLong(arguments[2]));
            Collections.sort(warm);
            System.out.println(RESULT + first + " " + start + " " + (warm.isEmpty() ? 0 : warm.get(warm.size() / 2)));
        } finally {
            delete(directory);
        }
    }

    private static List<Long> repeat(Application application, Path directory, long millis) throws Exception {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            nanos.add(nanos(application, directory));
        }
        return nanos;
    }

    private static long nanos(Application application, Path directory) throws Exception {
        long started = THREADS.getCurrentThreadCpuTime();
        application.run(directory);
        return THREADS.getCurrentThreadCpuTime() - started;
    }

    private static long processNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(ApplicationRun::deleteOne);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

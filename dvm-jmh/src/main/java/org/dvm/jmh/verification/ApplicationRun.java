package org.dvm.jmh.verification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Runs an application in this JVM and prints the main thread's CPU time of the first time and of the best of some more. */
final class ApplicationRun {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ApplicationRun() {}

    public static void main(String[] arguments) throws Exception {
        Application application = Application.valueOf(arguments[0]);
        int repetitions = Integer.parseInt(arguments[1]);
        Path directory = Files.createTempDirectory("dvm-bench");
        try {
            long first = nanos(application, directory);
            long best = first;
            for (int i = 0; i < repetitions; i++) {
                best = Math.min(best, nanos(application, directory));
            }
            System.out.println("nanos " + first + " " + best);
        } finally {
            delete(directory);
        }
    }

    private static long nanos(Application application, Path directory) throws Exception {
        long started = THREADS.getCurrentThreadCpuTime();
        application.run(directory);
        return THREADS.getCurrentThreadCpuTime() - started;
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

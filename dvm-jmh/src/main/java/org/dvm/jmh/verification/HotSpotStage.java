package org.dvm.jmh.verification;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dvm.testkit.ForkedJvm;

/**
 * HotSpot's verify stage by itself: the time to define and link classes with its verifier, less that without.
 *
 * <p>Each JVM links all classes again and again, each time in a new loader; the lowest of several rounds counts. Reflection
 * on a class's fields links it without initializing it.
 */
final class HotSpotStage {
    private static final int ROUNDS = 9;
    private static final int FORKS = 3;
    private static final String VERIFY = "-XX:+BytecodeVerificationRemote";
    private static final String DONT_VERIFY = "-XX:-BytecodeVerificationRemote";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private HotSpotStage() {}

    /** Returns those classes that HotSpot accepts if only they are there. */
    static ClassFiles accepted(ClassFiles classes) throws IOException {
        ClassFiles before = classes;
        ClassFiles accepted =
                before.only(Arrays.asList(run(VERIFY, before, "names").split("\n")));
        while (accepted.size() < before.size()) { // some may have needed those that are gone
            before = accepted;
            accepted = before.only(Arrays.asList(run(VERIFY, before, "names").split("\n")));
        }
        return accepted;
    }

    /** Returns the nanoseconds of CPU time that HotSpot needs to verify classes, all of which it accepts. */
    static long verifyNanos(ClassFiles classes) throws IOException {
        long with = Long.MAX_VALUE;
        long without = Long.MAX_VALUE;
        for (int i = 0; i < FORKS; i++) {
            with = Math.min(with, Long.parseLong(run(VERIFY, classes, "nanos")));
            without = Math.min(without, Long.parseLong(run(DONT_VERIFY, classes, "nanos")));
        }
        return Math.max(1, with - without);
    }

    private static String run(String option, ClassFiles classes, String wanted) throws IOException {
        Path file = Files.createTempFile("dvm-bench", ".classes");
        try {
            classes.writeTo(file);
            ForkedJvm jvm = ForkedJvm.of(
                            Path.of(System.getProperty("java.home")), Classpath.all(), HotSpotStage.class.getName())
                    .withOptions(
                            "-XX:+UnlockDiagnosticVMOptions", option, "-Xmx1g", "-XX:+UseSerialGC", "-Xlog:disable")
                    .withArguments(file.toString(), wanted);
            ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(5));
            if (outcome.exitCode() != 0) {
                throw new IllegalStateException("the JVM that links failed: " + outcome.err());
            }
            return outcome.out().strip();
        } finally {
            Files.delete(file);
        }
    }

    public static void main(String[] arguments) throws IOException {
        ClassFiles classes = ClassFiles.readFrom(Path.of(arguments[0]));
        if (arguments[1].equals("names")) {
            accepted(new Loader(classes.byName()), classes.names()).forEach(System.out::println);
            return;
        }
        long[] nanos = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            nanos[round] = link(new Loader(classes.byName()), classes.names());
        }
        Arrays.sort(nanos);
        System.out.println(nanos[0]);
    }

    private static List<String> accepted(Loader loader, List<String> names) {
        List<String> accepted = new ArrayList<>();
        for (String name : names) {
            try {
                Object unused = Class.forName(name, false, loader).getDeclaredFields();
                accepted.add(name);
            } catch (ClassNotFoundException | LinkageError e) {
                continue; // what it needs isn't here
            }
        }
        return accepted;
    }

    private static long link(Loader loader, List<String> names) {
        int fields = 0;
        long started = THREADS.getCurrentThreadCpuTime();
        for (String name : names) {
            try {
                fields += Class.forName(name, false, loader).getDeclaredFields().length;
            } catch (ClassNotFoundException | LinkageError e) {
                throw new IllegalStateException(name + " was accepted before", e);
            }
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - started;
        if (fields == 0) {
            throw new IllegalStateException("classes without any field");
        }
        return nanos;
    }

    /** Defines classes from memory. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(ClassLoader.getPlatformClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}

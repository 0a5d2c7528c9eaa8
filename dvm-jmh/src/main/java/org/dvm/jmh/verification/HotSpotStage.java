package org.dvm.jmh.verification;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dvm.testkit.ForkedJvm;

/**
 * HotSpot's verify stage by itself: the time to define and link classes with its verifier, less that without.
 *
 * <p>Each JVM links all classes again and again, each time in a new loader; the lowest of several rounds counts. Reflection
 * on a class's fields links it without initializing it.
 */
final class HotSpotStage {
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private HotSpotStage() {}

    /** Returns the nanoseconds of CPU time that HotSpot needs to verify the classes of jars. */
    static long verifyNanos(List<Path> jars, List<Path> classPath) {
        long with = Long.MAX_VALUE;
        long without = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            with = Math.min(with, linkNanos("-XX:+BytecodeVerificationRemote", jars, classPath));
            without = Math.min(without, linkNanos("-XX:-BytecodeVerificationRemote", jars, classPath));
        }
        return Math.max(1, with - without);
    }

    private static long linkNanos(String option, List<Path> jars, List<Path> classPath) {
        ForkedJvm jvm = ForkedJvm.of(Path.of(System.getProperty("java.home")), classPath, HotSpotStage.class.getName())
                .withOptions("-XX:+UnlockDiagnosticVMOptions", option, "-Xmx1g", "-XX:+UseSerialGC", "-Xlog:disable")
                .withArguments(jars.stream().map(Path::toString).toArray(String[]::new));
        return Long.parseLong(jvm.run(null, Duration.ofMinutes(5)).out().strip());
    }

    public static void main(String[] jars) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        for (String jar : jars) {
            read(jar, classes);
        }
        long[] nanos = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            nanos[round] = link(new Loader(classes), new ArrayList<>(classes.keySet()));
        }
        Arrays.sort(nanos);
        System.out.println(nanos[0]);
    }

    private static void read(String jar, Map<String, byte[]> classes) throws IOException {
        try (ZipFile zip = new ZipFile(Path.of(jar).toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (isClass(entry.getName())) {
                    String name = entry.getName().substring(0, entry.getName().length() - ".class".length());
                    classes.put(
                            name.replace('/', '.'), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.startsWith("META-INF/") && !entry.endsWith("module-info.class");
    }

    private static long link(Loader loader, List<String> names) {
        names.sort(null);
        int fields = 0;
        long started = THREADS.getCurrentThreadCpuTime();
        for (String name : names) {
            try {
                fields += Class.forName(name, false, loader).getDeclaredFields().length;
            } catch (ClassNotFoundException | LinkageError e) {
                continue; // what it needs isn't here: equally so with the verifier and without
            }
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - started;
        if (fields == 0) {
            throw new IllegalStateException("no class could be linked");
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

    /** Returns the classes of jars as the benchmark's peers get them. */
    static List<byte[]> classes(List<Path> jars) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        for (Path jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new IOException(jar + ": no such jar");
            }
            read(jar.toString(), classes);
        }
        List<String> names = new ArrayList<>(classes.keySet());
        names.sort(null);
        List<byte[]> found = new ArrayList<>();
        for (String name : names) {
            found.add(classes.get(name));
        }
        return found;
    }
}

package org.dvm.jmh.verification;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.verifier.VerificationReport;
import org.dvm.verifier.VerificationRun;
import org.dvm.verifier.Verifier;

/**
 * Verifies the classes of jars with this verifier and its peers, in turns, in one thread, and counts what is left for
 * link time (the paper's figure 8).
 *
 * <p>Arguments are jars; without any, those on the class path are taken. Time is the thread's CPU time.
 *
 * @paper DVM figure 8
 */
public final class VerificationBenchmark {
    private static final int ROUNDS = 7;
    private static final int INFERENCE_VERSION = 49;
    private static final int MAJOR_VERSION = 7;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<byte[]> classes;
    private final List<RawClass> parsed = new ArrayList<>();
    private final Map<String, Peer> peers = new LinkedHashMap<>();

    private VerificationBenchmark(List<byte[]> classes, Verifier verifier) throws ClassFormatException {
        this.classes = classes;
        for (byte[] each : classes) {
            parsed.add(FormatChecker.read(each));
        }
        peers.put("dvm, parsed class in hand", index -> verifier.verify(parsed.get(index)));
        peers.put("dvm, bytes to verdict", index -> verifier.verify(classes.get(index)));
        ClassFilePeer.find()
                .ifPresent(peer -> peers.put("JDK ClassFile.verify", index -> peer.verify(classes.get(index))));
        peers.put("ASM CheckClassAdapter", index -> AsmPeer.verify(classes.get(index)));
    }

    /** One verifier. */
    private interface Peer {
        void verify(int index) throws Exception;
    }

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        List<Path> jars = arguments.length == 0
                ? classPath()
                : Arrays.stream(arguments).map(Path::of).toList();
        try (ClassRepositories world =
                ClassRepositories.of(ClassRepositories.classPath(jars), ClassRepositories.runningJdk())) {
            Verifier verifier = Verifier.openWorld(world);
            List<byte[]> classes = read(jars);
            System.out.println("with stack map frames:");
            new VerificationBenchmark(classes, verifier).run();
            System.out.println("without, the same classes as version " + INFERENCE_VERSION + " where they can be:");
            new VerificationBenchmark(older(classes), verifier).run();
        }
        printChecks(jars);
    }

    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(each -> each.endsWith(".jar"))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }

    private static List<byte[]> read(List<Path> jars) throws IOException {
        List<byte[]> classes = new ArrayList<>();
        for (Path file : jars) {
            try (JarFile jar = new JarFile(file.toFile(), false)) {
                for (JarEntry entry : jar.stream().toList()) {
                    String name = entry.getName();
                    if (name.endsWith(".class")
                            && !name.startsWith("META-INF/")
                            && !name.endsWith("module-info.class")) {
                        classes.add(jar.getInputStream(entry).readAllBytes());
                    }
                }
            }
        }
        return classes;
    }

    /** Returns those classes that are well formed in a version without stack map frames, as of that version. */
    private static List<byte[]> older(List<byte[]> classes) {
        List<byte[]> older = new ArrayList<>();
        for (byte[] each : classes) {
            byte[] copy = each.clone();
            copy[MAJOR_VERSION] = INFERENCE_VERSION;
            try {
                FormatChecker.read(copy);
                older.add(copy);
            } catch (ClassFormatException e) {
                continue; // uses what that version doesn't have, such as invokedynamic
            }
        }
        return older;
    }

    private void run() {
        Map<String, double[]> rates = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Peer> peer : peers.entrySet()) {
                rates.computeIfAbsent(peer.getKey(), key -> new double[ROUNDS])[round] = rate(peer.getValue());
            }
        }
        long bytes = classes.stream().mapToLong(each -> each.length).sum();
        System.out.printf(
                Locale.ROOT, "  %,d classes, %,d bytes; MB/s, median of the last rounds%n", classes.size(), bytes);
        rates.forEach((name, all) -> {
            double[] last = Arrays.copyOfRange(all, ROUNDS / 2, ROUNDS);
            Arrays.sort(last);
            System.out.printf(Locale.ROOT, "  %-28s %8.1f%n", name, last[last.length / 2]);
        });
    }

    private double rate(Peer peer) {
        long bytes = 0;
        long started = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < classes.size(); i++) {
            try {
                peer.verify(i);
            } catch (Exception e) {
                // A peer that gives up on a class has done its work on it.
            }
            bytes += classes.get(i).length;
        }
        return bytes * 1e3 / (THREADS.getCurrentThreadCpuTime() - started);
    }

    private static void printChecks(List<Path> jars) throws IOException {
        System.out.println("checks made here, and left for link time:");
        for (Path jar : jars) {
            VerificationReport report = VerificationRun.of(jar.toString()).run(VerificationRun.Progress.NONE);
            System.out.printf(
                    Locale.ROOT,
                    "  %-40s %,12d static %,8d assumptions %,9d references%n",
                    jar.getFileName(),
                    report.staticChecks(),
                    report.assumptions(),
                    report.references());
        }
    }
}

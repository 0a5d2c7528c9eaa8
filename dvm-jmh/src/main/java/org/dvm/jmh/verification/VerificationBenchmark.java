package org.dvm.jmh.verification;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.verifier.Verifier;

/**
 * Verifies the classes of jars with this verifier and its peers, in turns, in one thread; then measures what is left to the
 * client: the cost of a passed check and the paper's figures 7 and 8. Time is the thread's CPU time.
 *
 * <p>Arguments: {@code --figure 7}, {@code --figure 8} or {@code --guard} for one of these alone; else jars, or none for
 * those of the applications.
 *
 * @paper DVM figures 7 and 8
 */
public final class VerificationBenchmark {
    private static final int ROUNDS = 7;
    private static final int INFERENCE_VERSION = 49;
    private static final int MAJOR_VERSION = 7;
    private static final int STACK_MAP_FRAMES = 50;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private VerificationBenchmark() {}

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        String first = arguments.length == 0 ? "" : arguments[0];
        String figure = first.equals("--figure") && arguments.length == 2 ? arguments[1] : "";
        if (first.equals("--guard") && arguments.length == 1) {
            GuardCost.print(Classpath.all());
        } else if (figure.equals("7")) {
            Figures.printFigure7();
        } else if (figure.equals("8")) {
            Figures.printFigure8();
        } else if (first.startsWith("--")) {
            System.err.println("dvm bench verification [JAR... | --figure 7 | --figure 8 | --guard]");
            System.exit(2);
        } else if (arguments.length > 0) {
            printSpeed(Arrays.stream(arguments).map(Path::of).toList());
        } else {
            printSpeed(Arrays.stream(Application.values()).map(Application::jar).toList());
            GuardCost.print(Classpath.all());
            Figures.printFigure8();
            Figures.printFigure7();
        }
    }

    private static void printSpeed(List<Path> jars) throws Exception {
        try (ClassRepositories world =
                ClassRepositories.of(ClassRepositories.classPath(jars), ClassRepositories.runningJdk())) {
            Verifier verifier = Verifier.openWorld(world);
            List<byte[]> classes = HotSpotStage.classes(jars);
            List<byte[]> framed = classes.stream()
                    .filter(each -> each[MAJOR_VERSION] >= STACK_MAP_FRAMES)
                    .toList();
            System.out.println("classes with stack map frames:");
            Map<String, Double> rates = rates(Peers.of(framed, verifier), framed);
            rates.put("HotSpot's verify stage", bytes(classes) * 1e3 / HotSpotStage.verifyNanos(jars, Classpath.all()));
            List<byte[]> few = Peers.bcelClasses(framed);
            rates.put("BCEL JustIce, " + few.size() + " classes", rate(Peers.bcel(few), few));
            print(rates, framed);
            List<byte[]> older = older(classes);
            System.out.println("as version " + INFERENCE_VERSION + ", by inference, where they can be:");
            print(rates(Peers.of(older, verifier), older), older);
        }
    }

    private static long bytes(List<byte[]> classes) {
        return classes.stream().mapToLong(each -> each.length).sum();
    }

    /** Returns those classes that are well formed in a version without stack map frames, as of that version. */
    private static List<byte[]> older(List<byte[]> classes) {
        List<byte[]> older = new ArrayList<>();
        for (byte[] each : classes) {
            byte[] copy = each.clone();
            copy[MAJOR_VERSION] = INFERENCE_VERSION;
            if (isWellFormed(copy)) {
                older.add(copy);
            }
        }
        return older;
    }

    /** Others use what that version doesn't have, such as invokedynamic. */
    private static boolean isWellFormed(byte[] classFile) {
        try {
            FormatChecker.read(classFile);
            return true;
        } catch (ClassFormatException e) {
            return false;
        }
    }

    /** Returns the median MB/s of the last rounds by peer. */
    private static Map<String, Double> rates(List<Peer> peers, List<byte[]> classes) {
        Map<String, double[]> rates = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Peer peer : peers) {
                rates.computeIfAbsent(peer.name(), key -> new double[ROUNDS])[round] = rate(peer, classes);
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        rates.forEach((name, all) -> {
            double[] last = Arrays.copyOfRange(all, ROUNDS / 2, ROUNDS);
            Arrays.sort(last);
            medians.put(name, last[last.length / 2]);
        });
        return medians;
    }

    private static double rate(Peer peer, List<byte[]> classes) {
        long started = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < classes.size(); i++) {
            verify(peer, i);
        }
        return bytes(classes) * 1e3 / (THREADS.getCurrentThreadCpuTime() - started);
    }

    /** A peer that gives up on a class has done its work on it. */
    private static void verify(Peer peer, int index) {
        try {
            peer.verify(index);
        } catch (Exception | LinkageError | AssertionError e) {
            assert e.getMessage() == null || !e.getMessage().isBlank();
        }
    }

    private static void print(Map<String, Double> rates, List<byte[]> classes) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "  %,d classes, %,d bytes; MB/s, median of the last rounds; dvm over the peer%n",
                classes.size(),
                bytes(classes));
        rates.forEach((name, rate) -> System.out.printf(
                Locale.ROOT,
                "  %-30s %8.1f %18s%n",
                name,
                rate,
                name.startsWith("dvm")
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "%.2f parsed %.2f bytes",
                                Objects.requireNonNull(rates.get(Peers.DVM_PARSED)) / rate,
                                Objects.requireNonNull(rates.get(Peers.DVM_BYTES)) / rate)));
    }
}

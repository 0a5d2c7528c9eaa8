package org.dvm.jmh.jar;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.dvm.jmh.engine.BuildCorpus;

/**
 * A whole jar from file to file, every method probed at entry and exit: DVM with one thread and with two against ASM
 * between the halves of java.util.zip, in interleaved rounds. What was written is checked before anything is measured:
 * two threads write what one does, nothing but classes differs from the input, and a JVM links the classes.
 *
 * <p>{@code dvm bench jar [--rounds N] [JAR]}: without a jar the one of the build's corpus that is nearest to 10 MB.
 * Elapsed time counts, so the machine should be idle; processor time stands beside it.
 */
public final class JarBench {
    private static final long USUAL_BYTES = 10_000_000;
    private static final int WARM_UP_ROUNDS = 2;
    private static final int LINKED_SHARE = 8;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Path jar;
    private final Path directory;
    private final int rounds;

    private JarBench(Path jar, Path directory, int rounds) {
        this.jar = jar;
        this.directory = directory;
        this.rounds = rounds;
    }

    /** Runs the benchmark; the class comment has the arguments. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest = new ArrayList<>(Arrays.asList(arguments));
        int rounds = 7;
        if (rest.size() > 1 && rest.get(0).equals("--rounds")) {
            rounds = Integer.parseInt(rest.get(1));
            rest = rest.subList(2, rest.size());
        }
        if (rest.size() > 1 || rounds < 1 || rest.size() == 1 && rest.get(0).startsWith("-")) {
            System.err.println("bench jar: bad arguments " + rest + "; expected [--rounds N] [JAR]");
            System.exit(2);
        }
        Path directory = Files.createTempDirectory("dvm-bench");
        try {
            new JarBench(rest.isEmpty() ? usual() : Path.of(rest.get(0)), directory, rounds).run();
        } finally {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    static Path usual() throws IOException {
        return BuildCorpus.allJars().stream()
                .min(Comparator.comparingLong(jar -> Math.abs(jar.toFile().length() - USUAL_BYTES)))
                .orElseThrow(() -> new IOException("no jar: name one"));
    }

    private record Cost(double wallMillis, double cpuMillis) {}

    private void run() throws Exception {
        List<JarContender> contenders = List.of(new DvmJar(1), new DvmJar(2), new AsmJar());
        for (JarContender contender : contenders) {
            contender.rewrite(jar, output(contender));
        }
        JarCheck.same(output(contenders.get(0)), output(contenders.get(1)));
        int linked = JarCheck.linked(jar, output(contenders.get(0)), LINKED_SHARE);
        System.out.printf(
                Locale.ROOT,
                "%s, %.1f MB; JDK %s, %d processors; %d rounds; %d written classes linked by a JVM, 0 refused%n",
                jar.getFileName(),
                Files.size(jar) / 1e6,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                rounds,
                linked);
        Cost[][] costs = new Cost[contenders.size()][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                Cost cost = measure(contenders.get(i));
                if (round >= 0) {
                    costs[i][round] = cost;
                }
            }
        }
        print(contenders, costs);
    }

    private Path output(JarContender contender) {
        return directory.resolve(contender.name().replaceAll("\\W+", "-") + ".jar");
    }

    private Cost measure(JarContender contender) throws Exception {
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        contender.rewrite(jar, output(contender));
        return new Cost((System.nanoTime() - wall) / 1e6, (system.getProcessCpuTime() - cpu) / 1e6);
    }

    private static void print(List<JarContender> contenders, Cost[][] costs) {
        double[] one = walls(costs[0]);
        System.out.println("                           ms (lowest - highest)   CPU ms   against DVM, one thread");
        for (int i = 0; i < contenders.size(); i++) {
            double[] walls = walls(costs[i]);
            double[] cpu = Arrays.stream(costs[i]).mapToDouble(Cost::cpuMillis).toArray();
            System.out.printf(
                    Locale.ROOT,
                    "  %-24s %6.0f (%5.0f - %5.0f) %10.0f   %.2fx%n",
                    contenders.get(i).name(),
                    median(walls),
                    Arrays.stream(walls).min().orElseThrow(),
                    Arrays.stream(walls).max().orElseThrow(),
                    median(cpu),
                    medianRatio(one, walls));
        }
        System.out.println("  (elapsed time of DVM with one thread over the line's, median over the rounds)");
    }

    private static double[] walls(Cost[] costs) {
        return Arrays.stream(costs).mapToDouble(Cost::wallMillis).toArray();
    }

    private static double medianRatio(double[] of, double[] over) {
        double[] ratios = new double[of.length];
        for (int i = 0; i < of.length; i++) {
            ratios[i] = of[i] / over[i];
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

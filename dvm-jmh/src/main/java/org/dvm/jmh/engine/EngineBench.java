package org.dvm.jmh.engine;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;

/**
 * The engine against ASM, the JDK's ClassFile API, Byte Buddy and Javassist: the same work on the same classes, in one
 * JVM, one thread, in interleaved rounds, by CPU time. Of what each contender writes, every sixteenth class is linked by a
 * forked JVM with full verification, other classes for each task.
 *
 * <p>{@code dvm bench engine [--json] [--rounds N] [--classes N] [--corpus DIR]}: the directory holds jars; without it
 * those that the build of dvm-testkit has copied.
 */
public final class EngineBench {
    private static final int LEAST_WARM_UP_ROUNDS = 4;
    private static final int MOST_WARM_UP_ROUNDS = 24;
    /** A round in which the JVM compiled for less than this is a warm one. */
    private static final long QUIET_COMPILER_MILLIS = 100;

    private static final int SLOW_SHARE = 8;
    private static final int COLD_STARTS = 7;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private final Corpus corpus;
    private final int rounds;

    private EngineBench(Corpus corpus, int rounds) {
        this.corpus = corpus;
        this.rounds = rounds;
    }

    /** Runs the benchmark; the class comment has the arguments. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest = new ArrayList<>(Arrays.asList(arguments));
        boolean json = rest.remove("--json");
        int rounds = Integer.parseInt(option(rest, "--rounds", "9"));
        int classes = Integer.parseInt(option(rest, "--classes", "6000"));
        String directory = option(rest, "--corpus", "");
        if (!rest.isEmpty() || rounds < 1 || classes < 1) {
            System.err.println("bench engine: bad arguments " + rest
                    + "; expected [--json] [--rounds N] [--classes N] [--corpus DIR]");
            System.exit(2);
        }
        Corpus corpus =
                Corpus.of(directory.isEmpty() ? BuildCorpus.jars() : BuildCorpus.jarsIn(Path.of(directory)), classes);
        new EngineBench(corpus, rounds).run(json);
    }

    private static String option(List<String> arguments, String name, String otherwise) {
        int at = arguments.indexOf(name);
        if (at < 0 || at + 1 >= arguments.size()) {
            return otherwise;
        }
        arguments.remove(at);
        return arguments.remove(at);
    }

    private void run(boolean json) throws Exception {
        List<Contender> contenders = new ArrayList<>(List.of(new DvmContender(), new AsmContender()));
        ClassFileApiContender.find().ifPresent(contenders::add);
        contenders.add(new JavassistContender());
        contenders.add(new ByteBuddyContender(corpus));
        if (!json) {
            System.out.printf(
                    Locale.ROOT,
                    "%d classes, %.1f MB; JDK %s; one thread, CPU time, %d interleaved rounds; DVM with format check%n",
                    corpus.classFiles().size(),
                    corpus.bytes() / 1e6,
                    Runtime.version(),
                    rounds);
        }
        List<Measurement> all = new ArrayList<>();
        try (HotSpotOracle oracle = HotSpotOracle.start(Jdks.current(), corpus.world(), "-Xmx1g")) {
            for (Task task : Task.values()) {
                List<Contender> able = contenders.stream()
                        .filter(contender -> contender.canDo(task))
                        .toList();
                List<Measurement> measured = measure(task, able, oracle);
                all.addAll(measured);
                if (!json) {
                    print(task, measured);
                }
            }
        }
        double[] cold = {coldMicros("DVM"), coldMicros("ASM")};
        if (json) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"classes\":%d,\"bytes\":%d,\"rounds\":%d,\"coldMicros\":{\"DVM\":%.0f,\"ASM\":%.0f},\"results\":[%s]}%n",
                    corpus.classFiles().size(),
                    corpus.bytes(),
                    rounds,
                    cold[0],
                    cold[1],
                    all.stream().map(Measurement::toJson).collect(Collectors.joining(",")));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%ncold first class in a fresh JVM: DVM %.1f ms, ASM %.1f ms of CPU time: %.2fx%n",
                    cold[0] / 1e3,
                    cold[1] / 1e3,
                    cold[0] / cold[1]);
        }
    }

    private List<Measurement> measure(Task task, List<Contender> contenders, HotSpotOracle oracle) {
        double[][] speeds = new double[contenders.size()][rounds];
        double[] allocated = new double[contenders.size()];
        int[] failed = new int[contenders.size()];
        warmUp(task, contenders);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                List<byte[]> share = share(contenders.get(i), round);
                long bytes = share.stream().mapToLong(file -> file.length).sum();
                long nanos = threads.getCurrentThreadCpuTime();
                long memory = threads.getCurrentThreadAllocatedBytes();
                failed[i] = round(contenders.get(i), task, share);
                speeds[i][round] = bytes * 1e3 / (threads.getCurrentThreadCpuTime() - nanos);
                allocated[i] = (threads.getCurrentThreadAllocatedBytes() - memory) / (double) bytes;
            }
        }
        List<byte[]> linkable = Judge.linkable(corpus.every(Judge.SHARE, task.ordinal()), oracle);
        List<Measurement> measured = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            int refused = Judge.refused(contenders.get(i), task, linkable, oracle);
            measured.add(new Measurement(contenders.get(i).name(), task, speeds[i], allocated[i], failed[i], refused));
        }
        return measured;
    }

    /** Runs rounds until the JIT compiler, which has its own threads, has hardly anything left to do. */
    private void warmUp(Task task, List<Contender> contenders) {
        long compiled = 0;
        for (int round = 0; round < MOST_WARM_UP_ROUNDS; round++) {
            for (Contender contender : contenders) {
                int unused = round(contender, task, share(contender, round));
            }
            long now = compiler.getTotalCompilationTime();
            if (round >= LEAST_WARM_UP_ROUNDS && now - compiled < QUIET_COMPILER_MILLIS) {
                return;
            }
            compiled = now;
        }
    }

    /** Contenders that are ten times slower get a share of the classes, another one in each round. */
    private List<byte[]> share(Contender contender, int round) {
        return contender instanceof ByteBuddyContender ? corpus.every(SLOW_SHARE, round) : corpus.classFiles();
    }

    private static int round(Contender contender, Task task, List<byte[]> classFiles) {
        int failed = 0;
        long length = 0;
        for (byte[] classFile : classFiles) {
            try {
                length += contender.transform(classFile, task).length;
            } catch (Exception | LinkageError e) {
                failed++;
            }
        }
        if (length == 0) {
            throw new IllegalStateException(contender.name() + " wrote nothing");
        }
        return failed;
    }

    private static void print(Task task, List<Measurement> measured) {
        System.out.printf("%n%s%n", task.title());
        System.out.println(
                "  contender          MB/s (lowest - highest)   DVM is    B/B    failed  refused by the JVM");
        double own = measured.get(0).median();
        for (Measurement one : measured) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-15s %7.1f (%6.1f - %6.1f)   %6.2fx %7.2f %7d %7d%n",
                    one.contender(),
                    one.median(),
                    one.lowest(),
                    one.highest(),
                    own / one.median(),
                    one.allocatedPerByte(),
                    one.failed(),
                    one.refused());
        }
    }

    /** Returns the median over fresh JVMs. */
    private double coldMicros(String contender) throws IOException {
        Path file = Files.createTempFile("dvm-bench", ".class");
        try {
            Files.write(file, corpus.classFiles().get(corpus.classFiles().size() / 2));
            List<Path> classPath = Stream.of(
                            System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                    .map(Path::of)
                    .toList();
            double[] micros = new double[COLD_STARTS];
            for (int i = 0; i < COLD_STARTS; i++) {
                ForkedJvm.Outcome outcome = ForkedJvm.of(Jdks.current(), classPath, ColdStart.class.getName())
                        .withArguments(contender, file.toString())
                        .run(null, Duration.ofMinutes(1));
                micros[i] = Double.parseDouble(outcome.out().trim());
            }
            Arrays.sort(micros);
            return micros[COLD_STARTS / 2];
        } finally {
            Files.deleteIfExists(file);
        }
    }
}

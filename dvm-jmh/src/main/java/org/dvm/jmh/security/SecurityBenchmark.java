package org.dvm.jmh.security;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.dvm.jmh.security.guarded.Operations;

/**
 * The paper's figure 9 again: what permitted operations cost under the security service, beside the Security Manager and
 * OpenSearch's agent, at several depths of the stack; and what starts, large policies and revocations take.
 *
 * <p>{@code dvm bench security [--rounds N] [--only checks|start|policy|revocation] [--operations NAME,NAME]
 * [JDK...]}: without a JDK the running one. Each contender is a JVM of its own; they are measured in turns, in processor time of one thread. What is printed
 * is the median, over the rounds, of the difference to the JVM without checks in the same round.
 *
 * @paper DVM figure 9
 */
public final class SecurityBenchmark {
    private static final int[] DEPTHS = {5, 20, 100};
    private static final double ROUND_NANOS = 20e6;
    private static final int WARM_UPS = 12;
    private static final int STARTS = 7;
    private static final int RULES = 10_000;

    private final Setup setup;
    private final int rounds;
    private final List<Operations.Kind> operations;

    private SecurityBenchmark(Setup setup, int rounds, List<Operations.Kind> operations) {
        this.setup = setup;
        this.rounds = rounds;
        this.operations = operations;
    }

    /** Runs the benchmark; the class comment has the arguments. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest = new ArrayList<>(Arrays.asList(arguments));
        int rounds = Integer.parseInt(option(rest, "--rounds", "15"));
        String only = option(rest, "--only", "");
        List<Operations.Kind> operations = new ArrayList<>();
        for (String name : option(rest, "--operations", "").split(",", -1)) {
            if (!name.isEmpty()) {
                operations.add(Operations.Kind.valueOf(name.toUpperCase(Locale.ROOT)));
            }
        }
        if (rest.isEmpty()) {
            rest.add(System.getProperty("java.home"));
        }
        Path directory = Files.createTempDirectory("dvm-bench");
        try {
            SecurityBenchmark benchmark = new SecurityBenchmark(
                    new Setup(directory),
                    rounds,
                    operations.isEmpty() ? List.of(Operations.Kind.values()) : operations);
            for (String jdk : rest) {
                benchmark.run(Path.of(jdk, "bin", "java"), only);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    private static String option(List<String> arguments, String name, String otherwise) {
        int at = arguments.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == arguments.size()) {
            System.err.println("bench security: " + name + " needs a value");
            System.exit(2);
        }
        arguments.remove(at);
        return arguments.remove(at);
    }

    private void run(Path java, String only) throws IOException, InterruptedException {
        int release = release(java);
        System.out.println("JDK " + release + ": " + java);
        if (only.isEmpty() || only.equals("checks")) {
            checks(java, release);
        }
        if (only.isEmpty() || only.equals("start")) {
            starts(java);
        }
        if (only.isEmpty() || only.equals("policy")) {
            policy(java);
        }
        if (only.isEmpty() || only.equals("revocation")) {
            print(List.of(java.toString(), "-cp", setup.wholeClassPath(), Revocation.class.getName(), "2", "64"));
        }
    }

    private static int release(Path java) throws IOException, InterruptedException {
        String version = print(List.of(java.toString(), "-XshowSettings:properties", "-version"), false);
        int at = version.indexOf("java.specification.version = ");
        return Integer.parseInt(version.substring(at + 29).strip().split("\\s+", 2)[0]);
    }

    private static String print(List<String> command) throws IOException, InterruptedException {
        String text = print(command, true);
        System.out.print(text);
        return text;
    }

    private static String print(List<String> command, boolean mustSucceed) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0 && mustSucceed) {
            throw new IOException("failed: " + command + "\n" + text);
        }
        return text;
    }

    private void checks(Path java, int release) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        try {
            for (Map.Entry<String, List<String>> each :
                    setup.contenders(java, release).entrySet()) {
                contenders.add(new Contender(
                        each.getKey(),
                        List.of(java.toString()),
                        each.getValue(),
                        setup.workerClassPath(),
                        setup.file().toString()));
            }
            System.out.printf(Locale.ROOT, "%-15s %5s %14s", "operation", "depth", "unchecked");
            for (Contender contender : contenders.subList(1, contenders.size())) {
                System.out.printf(Locale.ROOT, " %27s", contender.name());
            }
            System.out.println();
            for (Operations.Kind kind : operations) {
                for (int depth : DEPTHS) {
                    measure(kind, depth, contenders);
                }
            }
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private void measure(Operations.Kind kind, int depth, List<Contender> contenders) throws IOException {
        Map<Contender, Integer> times = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            int count = 200;
            for (int i = 0; i < WARM_UPS; i++) {
                double nanos = contender.run(kind, depth, count).nanos();
                count = (int) Math.max(200, Math.min(5_000_000, ROUND_NANOS / Math.max(1, nanos)));
            }
            times.put(contender, count);
        }
        double[][] nanos = new double[contenders.size()][rounds];
        double[][] bytes = new double[contenders.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                Contender contender = contenders.get(i);
                Contender.Cost cost = contender.run(kind, depth, times.getOrDefault(contender, 1));
                nanos[i][round] = cost.nanos();
                bytes[i][round] = cost.bytes();
            }
        }
        System.out.printf(
                Locale.ROOT, "%-15s %5d %11.1f ns", kind.name().toLowerCase(Locale.ROOT), depth, median(nanos[0]));
        for (int i = 1; i < contenders.size(); i++) {
            System.out.printf(
                    Locale.ROOT,
                    " %+14.1f ns %+7.0f B",
                    median(differences(nanos[i], nanos[0])),
                    median(differences(bytes[i], bytes[0])));
        }
        System.out.println();
    }

    private static double[] differences(double[] values, double[] base) {
        double[] differences = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            differences[i] = values[i] - base[i];
        }
        return differences;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Starts of a program that does nothing, from its process's start to its end. */
    private void starts(Path java) throws IOException, InterruptedException {
        Path policy = setup.write("start.xml", setup.policy("bench", ""));
        String cache = policy.resolveSibling("cache").toString();
        String trusted = Nothing.class.getName();
        String restricted = "org.dvm.jmh.security.guarded.RestrictedNothing";
        Map<String, List<String>> starts = new LinkedHashMap<>();
        starts.put("without an agent", start(java, List.of(), trusted));
        starts.put("first start, trusted program", start(java, List.of(setup.agentOption(policy, "none")), trusted));
        starts.put("later start, trusted program", start(java, List.of(setup.agentOption(policy, cache)), trusted));
        starts.put(
                "first start, restricted program", start(java, List.of(setup.agentOption(policy, "none")), restricted));
        starts.put(
                "later start, restricted program", start(java, List.of(setup.agentOption(policy, cache)), restricted));
        double[][] millis = new double[starts.size()][STARTS];
        for (int round = -3; round < STARTS; round++) {
            int i = 0;
            for (List<String> command : starts.values()) {
                long begin = System.nanoTime();
                print(command, true);
                if (round >= 0) {
                    millis[i][round] = (System.nanoTime() - begin) / 1e6;
                }
                i++;
            }
        }
        int i = 0;
        for (String name : starts.keySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-32s %6.0f ms (%+.0f)%n",
                    name,
                    median(millis[i]),
                    median(differences(millis[i], millis[0])));
            i++;
        }
    }

    private List<String> start(Path java, List<String> options, String main) {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", setup.workerClassPath(), main));
        return command;
    }

    private void policy(Path java) throws IOException, InterruptedException {
        Path policy = setup.write("large.xml", PolicyLoad.policy(RULES));
        double[] millis = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            String text = print(
                    List.of(
                            java.toString(),
                            "-cp",
                            setup.wholeClassPath(),
                            PolicyLoad.class.getName(),
                            policy.toString()),
                    true);
            millis[i] = Double.parseDouble(text.split(" ", 2)[0]);
        }
        System.out.printf(Locale.ROOT, "policy of %,d rules, read and compiled cold: %.0f ms%n", RULES, median(millis));
    }
}

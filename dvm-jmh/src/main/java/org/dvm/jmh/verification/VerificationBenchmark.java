package org.dvm.jmh.verification;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.dvm.jmh.engine.BuildCorpus;

/**
 * Verifies the same classes with this verifier and its peers; then measures what is left to the client: the cost of a
 * passed check, the paper's figures 7 and 8, and applications whose code is warm. Time is CPU time.
 *
 * @paper DVM figures 7 and 8
 */
public final class VerificationBenchmark {
    private static final String USAGE = """
            dvm bench verification [PART] [OPTIONS]
              --speed [JAR...]      classes a second, beside the peers; those of the build's corpus and the applications
              --guard               what a passed check costs
              --figure 8            checks made before the client sees the code, and left for it
              --figure 7 [APP...]   what verification adds to the first run of applications
              --warm [APP...]       applications whose code is warm: self-verifying over original
            Without a part, all of them. OPTIONS: --rounds N of applications (10), --charts DIRECTORY for SVG.""";

    private final Deque<String> arguments;
    private final List<String> names = new ArrayList<>();
    private String part = "";
    private int rounds = 10;
    private Charts charts = Charts.NONE;

    private VerificationBenchmark(String[] arguments) {
        this.arguments = new ArrayDeque<>(List.of(arguments));
    }

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        VerificationBenchmark benchmark = new VerificationBenchmark(arguments);
        try {
            benchmark.parse();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        benchmark.run();
    }

    private void parse() {
        while (!arguments.isEmpty()) {
            String argument = arguments.remove();
            switch (argument) {
                case "--rounds" -> rounds = Integer.parseInt(value(argument));
                case "--charts" -> charts = new Charts(Path.of(value(argument)));
                case "--figure" -> part = argument + " " + value(argument);
                case "--speed", "--guard", "--warm" -> part = argument;
                default -> names.add(argument);
            }
        }
        if (rounds < 1 || part.startsWith("--figure") && !part.matches("--figure [78]")) {
            throw new IllegalArgumentException("there is figure 7 and figure 8, and at least one round");
        }
        if (!names.isEmpty() && (part.isEmpty() || part.equals("--guard") || part.equals("--figure 8"))) {
            throw new IllegalArgumentException("unknown: " + names);
        }
    }

    private String value(String option) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments.remove();
    }

    private void run() throws Exception {
        if (part.isEmpty() || part.equals("--speed")) {
            SpeedTable.print(jars());
        }
        if (part.isEmpty() || part.equals("--guard")) {
            GuardCost.print(Classpath.all());
        }
        if (part.isEmpty() || part.equals("--figure 8")) {
            StaticChecks.print(charts);
        }
        if (part.isEmpty() || part.equals("--figure 7")) {
            ClientCost.printFirstRuns(applications(), rounds, charts);
        }
        if (part.isEmpty() || part.equals("--warm")) {
            ClientCost.printWarmRuns(applications(), rounds);
        }
    }

    private List<Path> jars() throws Exception {
        if (!names.isEmpty()) {
            return names.stream().map(Path::of).toList();
        }
        Set<Path> jars = new LinkedHashSet<>(BuildCorpus.jars());
        jars.addAll(Arrays.stream(Application.values()).map(Application::jar).toList());
        return List.copyOf(jars);
    }

    private List<Application> applications() {
        return names.isEmpty()
                ? List.of(Application.values())
                : names.stream()
                        .map(each -> Application.valueOf(each.toUpperCase(Locale.ROOT)))
                        .toList();
    }
}

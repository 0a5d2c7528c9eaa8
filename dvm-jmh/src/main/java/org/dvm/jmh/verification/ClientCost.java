package org.dvm.jmh.verification;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.dvm.jmh.verification.ApplicationRun.Repetition;
import org.dvm.jmh.verification.Variants.Variant;

/**
 * What verification costs the client: when an application starts, and when its code is warm.
 *
 * @paper DVM figure 7
 */
final class ClientCost {
    private static final double MILLIS = 1e-6;

    private final Map<Variant, ApplicationRun[]> runs;
    private final int rounds;

    private ClientCost(Map<Variant, ApplicationRun[]> runs, int rounds) {
        this.runs = runs;
        this.rounds = rounds;
    }

    /** Prints what verification adds to the first run of each application. */
    static void printFirstRuns(List<Application> applications, int rounds, Charts charts) throws IOException {
        System.out.println("figure 7: the first run in a fresh JVM, ms of CPU time of the main thread; what is added to"
                + " it by the JVM's verifier, by self-verifying code, and by such code made without knowledge of other"
                + " classes; and the whole process from its start to the end of the run, self-verifying over original");
        System.out.println("  median (and quartiles) of " + rounds + " rounds in turns");
        row("", "unverified", "JVM verifies", "self-verifying", "open", "process");
        List<String> names = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (Application each : applications) {
            ClientCost cost = measured(
                    each,
                    List.of(Variant.UNVERIFIED, Variant.ORIGINAL, Variant.SELF_VERIFYING, Variant.SELF_VERIFYING_OPEN),
                    rounds,
                    Repetition.NONE);
            Series unverified = cost.series(Variant.UNVERIFIED, ApplicationRun::firstNanos);
            Series jvm = cost.added(Variant.ORIGINAL);
            Series self = cost.added(Variant.SELF_VERIFYING);
            Series open = cost.added(Variant.SELF_VERIFYING_OPEN);
            row(
                    each.title(),
                    unverified.text("%.0f"),
                    jvm.text("%.1f"),
                    self.text("%.1f"),
                    open.text("%.1f"),
                    cost.ratio(Variant.SELF_VERIFYING, ApplicationRun::startNanos)
                            .text("%.3f"));
            names.add(each.title());
            values.add(new double[] {jvm.median(), self.median(), open.median()});
        }
        charts.draw(new Chart(
                "figure-7",
                "What verification adds to the first run",
                "ms of CPU time",
                Chart.Scale.LINEAR,
                List.of("HotSpot's verifier", "self-verifying", "self-verifying, nothing known of other classes"),
                names,
                values));
    }

    /** Prints how long a run of each application takes when its code is warm, over the original's. */
    static void printWarmRuns(List<Application> applications, int rounds) throws IOException {
        System.out.println(
                "warm code: a run of the original, ms of CPU time of the main thread, and what the others take"
                        + " over it: self-verifying with the JVM's verifier off and on, made without knowledge of other classes,"
                        + " and the original once more, which shows the machine");
        System.out.println("  median (and quartiles) of " + rounds + " rounds in turns");
        row("", "original, ms", "self-verifying", "and verified", "open", "original again");
        for (Application each : applications) {
            ClientCost cost = measured(
                    each,
                    List.of(
                            Variant.ORIGINAL,
                            Variant.SELF_VERIFYING,
                            Variant.ORIGINAL_AGAIN,
                            Variant.SELF_VERIFYING_AND_VERIFIED,
                            Variant.SELF_VERIFYING_OPEN),
                    rounds,
                    Repetition.WARM);
            row(
                    each.title(),
                    cost.series(Variant.ORIGINAL, ApplicationRun::warmNanos).text("%.2f"),
                    cost.ratio(Variant.SELF_VERIFYING, ApplicationRun::warmNanos)
                            .text("%.3f"),
                    cost.ratio(Variant.SELF_VERIFYING_AND_VERIFIED, ApplicationRun::warmNanos)
                            .text("%.3f"),
                    cost.ratio(Variant.SELF_VERIFYING_OPEN, ApplicationRun::warmNanos)
                            .text("%.3f"),
                    cost.ratio(Variant.ORIGINAL_AGAIN, ApplicationRun::warmNanos)
                            .text("%.3f"));
        }
    }

    private static ClientCost measured(
            Application application, List<Variant> variants, int rounds, Repetition repetition) throws IOException {
        try (Variants made = new Variants(application)) {
            return new ClientCost(made.run(variants, rounds, repetition), rounds);
        }
    }

    private Series series(Variant variant, ToLongFunction<ApplicationRun> nanos) {
        return series(round -> nanos.applyAsLong(run(variant, round)) * MILLIS);
    }

    /** Returns what a variant's first run takes longer than that without any verification, in ms. */
    private Series added(Variant variant) {
        return series(round -> (run(variant, round).firstNanos()
                        - run(Variant.UNVERIFIED, round).firstNanos())
                * MILLIS);
    }

    /** Returns what a variant takes over the original. */
    private Series ratio(Variant variant, ToLongFunction<ApplicationRun> nanos) {
        return series(round ->
                (double) nanos.applyAsLong(run(variant, round)) / nanos.applyAsLong(run(Variant.ORIGINAL, round)));
    }

    private Series series(IntToDoubleFunction ofRound) {
        return new Series(IntStream.range(0, rounds).mapToDouble(ofRound).toArray());
    }

    private ApplicationRun run(Variant variant, int round) {
        return Objects.requireNonNull(runs.get(variant))[round];
    }

    private static void row(String... cells) {
        StringBuilder row = new StringBuilder(String.format("  %-10s", cells[0]));
        for (int i = 1; i < cells.length; i++) {
            row.append(String.format(" %22s", cells[i]));
        }
        System.out.println(row);
    }
}

package org.dvm.jmh.verification;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Deferred;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.Verifier;

/**
 * How many checks of an application are made statically, and how many are left for the client.
 *
 * @paper DVM figure 8
 */
final class StaticChecks {
    private long made;
    private final long[] left = new long[Assumption.Scope.values().length];

    private StaticChecks() {}

    /** Prints the table and, where a chart is given, draws it. */
    static void print(Charts charts) throws Exception {
        System.out.println("figure 8: checks made statically and left for the client");
        row("", "classes", "static", "class", "method", "references", "static, known", "left, known");
        List<String> names = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (Application each : Application.values()) {
            ClassFiles classes = ClassFiles.of(List.of(each.jar()));
            StaticChecks open = count(classes, Verifier.openWorld());
            try (ClassRepositories world = ClassRepositories.of(
                    ClassRepositories.classPath(List.of(each.jar())), ClassRepositories.runningJdk())) {
                StaticChecks known = count(classes, Verifier.openWorld(world));
                row(
                        each.title(),
                        classes.size(),
                        open.made,
                        open.left[0],
                        open.left[1],
                        open.left[2],
                        known.made,
                        known.left[0] + known.left[1] + known.left[2]);
                names.add(each.title());
                values.add(new double[] {open.made, open.left[0] + open.left[1], open.left[2]});
            }
        }
        charts.draw(new Chart(
                "figure-8",
                "Checks made before the client sees the code, and left for it (nothing known of other classes)",
                "checks, logarithmic",
                Chart.Scale.LOGARITHMIC,
                List.of("static", "left: classes and methods", "left: references"),
                names,
                values));
    }

    private static StaticChecks count(ClassFiles classes, Verifier verifier) throws Exception {
        StaticChecks counts = new StaticChecks();
        for (byte[] each : classes.list()) {
            RawClass raw = FormatChecker.read(each);
            Verdict verdict = verifier.with(Verifier.References.COLLECT).verify(raw);
            counts.made += verdict.staticChecks();
            if (verdict instanceof Verdict.Accepted accepted) {
                for (Deferred deferred : accepted.assumptions()) {
                    counts.left[deferred.assumption().scope().ordinal()]++;
                }
            }
        }
        return counts;
    }

    private static void row(Object... cells) {
        StringBuilder row = new StringBuilder(String.format("  %-10s", cells[0]));
        for (int i = 1; i < cells.length; i++) {
            row.append(
                    cells[i] instanceof Number
                            ? String.format(Locale.ROOT, " %,13d", ((Number) cells[i]).longValue())
                            : String.format(" %13s", cells[i]));
        }
        System.out.println(row);
    }
}

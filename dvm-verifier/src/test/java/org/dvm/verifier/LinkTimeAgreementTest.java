package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.runtime.verify.LinkChecks;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.Jdks;
import org.dvm.verifier.VerifyFilter.FactTables;
import org.dvm.verifier.VerifyFilter.ReferenceChecks;
import org.dvm.verifier.VerifyFilter.World;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One dependency of a program is changed after its users were compiled. The program made self-verifying, on a JVM whose
 * verifier is off, must fail as the original does on a JVM whose verifier is on: with the same class of error, after the
 * same traces.
 */
class LinkTimeAgreementTest {
    private static final int MODERN = 0;
    private static final Pattern ERROR = Pattern.compile("[\\w.]*(Error|Exception|Failure|Checked)\\b");

    /** Every class but what a dependency's change replaces; null bytes where it is removed. */
    private record Scenario(String name, String dependency, byte @Nullable [] changed) {}

    @ParameterizedTest(name = "version {0}, checks of references: {1}, facts: {2}")
    @CsvSource({"0, JVM, ATTACHED", "0, INSERTED, NONE", "50, JVM, ATTACHED", "48, JVM, ATTACHED"})
    void failsAsTheOriginalDoes(int version, ReferenceChecks references, FactTables facts, @TempDir Path directory)
            throws IOException {
        compare(version, new VerifyFilter(World.OPEN, references, facts), 400, 20260707, directory);
    }

    @Tag("slow")
    @ParameterizedTest(name = "version {0}, checks of references: {1}, facts: {2}")
    @CsvSource({
        "0, JVM, ATTACHED",
        "0, INSERTED, ATTACHED",
        "51, JVM, ATTACHED",
        "50, JVM, NONE",
        "49, JVM, ATTACHED",
        "48, JVM, NONE",
        "48, INSERTED, ATTACHED"
    })
    void failsAsTheOriginalDoesWithANewSeed(
            int version, ReferenceChecks references, FactTables facts, @TempDir Path directory) throws IOException {
        compare(version, new VerifyFilter(World.OPEN, references, facts), 3000, System.nanoTime(), directory);
    }

    private static void compare(int version, VerifyFilter filter, int count, long seed, Path directory)
            throws IOException {
        Universe universe = version == MODERN ? Universe.modern(directory) : Universe.old(directory, version);
        List<Scenario> scenarios = scenarios(universe, count, new Random(seed));
        List<String> expected =
                run(universe, scenarios, null, directory.resolve("original"), "-XX:+BytecodeVerificationRemote");
        List<String> actual =
                run(universe, scenarios, filter, directory.resolve("rewritten"), "-XX:-BytecodeVerificationRemote");
        Tally tally = new Tally();
        for (int i = 0; i < scenarios.size(); i++) {
            tally.add(scenarios.get(i).name(), expected.get(i), actual.get(i));
        }

        assertThat(tally.failing).as("scenarios in which something fails").isGreaterThan(scenarios.size() / 4);
        assertThat(tally.sameErrors())
                .as("seed=%s %s%n%s", seed, tally, String.join("\n", tally.differences))
                .isGreaterThanOrEqualTo(0.995);
    }

    private static List<Scenario> scenarios(Universe universe, int count, Random random) {
        List<String> dependencies = universe.dependencies();
        List<Scenario> scenarios = new ArrayList<>();
        scenarios.add(new Scenario("unchanged", "", new byte[0]));
        for (String each : dependencies) {
            scenarios.add(new Scenario(each + " removed", each, null));
        }
        while (scenarios.size() < count) {
            String dependency = dependencies.get(random.nextInt(dependencies.size()));
            DependencyChange change = DependencyChange.values()[random.nextInt(DependencyChange.values().length)];
            ClassShape shape = new ClassShape(parse(universe.classes().get(dependency)));
            if (change.apply(shape, random) && isWellFormed(shape.toBytes())) {
                scenarios.add(new Scenario(dependency + " " + change, dependency, shape.toBytes()));
            }
        }
        return scenarios;
    }

    /** The pipeline refuses others before any filter sees them. */
    private static boolean isWellFormed(byte[] classFile) {
        try {
            FormatChecker.read(classFile);
            return true;
        } catch (ClassFormatException e) {
            return false;
        }
    }

    private static RawClass parse(byte @Nullable [] classFile) {
        try {
            return RawClass.parse(Objects.requireNonNull(classFile));
        } catch (ClassFormatException e) {
            throw new IllegalStateException("the compiler wrote it", e);
        }
    }

    private static List<String> run(
            Universe universe, List<Scenario> scenarios, @Nullable VerifyFilter filter, Path file, String option)
            throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            write(universe.classes(), filter, out);
            out.writeInt(scenarios.size());
            for (Scenario each : scenarios) {
                byte[] changed = each.changed();
                out.writeUTF(changed == null ? each.dependency() : "");
                write(
                        changed == null || changed.length == 0 ? Map.of() : Map.of(each.dependency(), changed),
                        filter,
                        out);
            }
        }
        ForkedJvm jvm = ForkedJvm.of(
                        Jdks.current(),
                        List.of(ForkedJvm.classesOf(LinkTimeRunner.class), ForkedJvm.classesOf(LinkChecks.class)),
                        LinkTimeRunner.class.getName())
                .withOptions(
                        "-XX:+UnlockDiagnosticVMOptions", option, "-Xmx512m", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
                .withArguments(file.toString());
        ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(8));
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).as(outcome.err()).hasSize(scenarios.size());
        return lines;
    }

    private static void write(Map<String, byte[]> classes, @Nullable VerifyFilter filter, DataOutputStream out)
            throws IOException {
        Map<String, byte[]> written = new TreeMap<>(classes);
        if (filter != null) {
            classes.values().forEach(each -> written.putAll(FilterRun.of(filter, each)));
        }
        out.writeInt(written.size());
        for (Map.Entry<String, byte[]> each : written.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue().length);
            out.write(each.getValue());
        }
    }

    /** Counts of agreement, by scenario and client. */
    private static final class Tally {
        private final List<String> differences = new ArrayList<>();
        private int clients;
        private int same;
        private int sameError;
        private int failing;

        void add(String scenario, String expected, String actual) {
            String[] wanted = expected.split(" \\| ");
            String[] found = actual.split(" \\| ");
            boolean fails = false;
            for (int i = 1; i < Math.max(wanted.length, found.length); i++) {
                String left = i < wanted.length ? wanted[i] : "";
                String right = i < found.length ? found[i] : "";
                clients++;
                fails |= left.contains("Error");
                same += left.equals(right) ? 1 : 0;
                if (firstError(left).equals(firstError(right))) {
                    sameError++;
                } else {
                    differences.add(scenario + " client " + i + ": " + left + " but " + right);
                }
            }
            failing += fails ? 1 : 0;
        }

        private static String firstError(String outcome) {
            Matcher error = ERROR.matcher(outcome);
            return error.find() ? error.group() : "";
        }

        double sameErrors() {
            return (double) sameError / clients;
        }

        @Override
        public String toString() {
            return String.format(
                    "clients=%d sameError=%d same=%d failingScenarios=%d", clients, sameError, same, failing);
        }
    }
}

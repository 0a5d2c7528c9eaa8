package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.dvm.runtime.verify.LinkChecks;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A class that the filter made self-verifying, on a JVM whose verifier is off, ends as the original does on a JVM whose
 * verifier is on - whatever became of the classes that it depends on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelfVerifyingTest {
    private static final String BASE = "package dep; public class Base { protected int secret; public void hello() {}"
            + " protected void guarded() {} }";
    private static final String SUB = "package dep; public class Sub extends Base {}";
    private static final String FAILURE = "package dep; public class Failure extends RuntimeException {}";
    private static final String CLIENT = "package app; import dep.*; public class Client extends Base {"
            + " static Base widen(Sub sub) { return sub; }"
            + " static int unused(Client client) { return client.secret; }"
            + " void call() { guarded(); }"
            + " public static void main() {"
            + "   try { widen(new Sub()).hello(); new Client().call(); } catch (Failure e) { throw e; } } }";
    private static final String WITH_INITIALIZER =
            CLIENT.replace("extends Base {", "extends Base { static final long START = System.nanoTime();");

    private static final String EARLY_BASE = "package dep; public class Base { static {"
            + " try { Class.forName(\"app.Client\").getMethod(\"early\").invoke(null); }"
            + " catch (java.lang.reflect.InvocationTargetException e) { throw (Error) e.getCause(); }"
            + " catch (ReflectiveOperationException e) { } } public void hello() {} }";
    private static final String EARLY_CLIENT = "package app; import dep.*; public class Client extends Base {"
            + " static Base widen(Sub sub) { return sub; }"
            + " public static void early() { System.setProperty(\"early\", \"ran\"); }"
            + " public static void main() { } }";

    /** A scenario: what is recompiled, by file name, after the client was compiled. */
    private record Scenario(String name, String client, Map<String, String> changed) {}

    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("unchanged", CLIENT, Map.of()),
            new Scenario("unchanged with an initializer", WITH_INITIALIZER, Map.of()),
            new Scenario("no longer a subclass", CLIENT, Map.of("Sub", SUB.replace("extends Base", ""))),
            new Scenario(
                    "no longer a subclass, with an initializer",
                    WITH_INITIALIZER,
                    Map.of("Sub", SUB.replace("extends Base", ""))),
            new Scenario("a class between", CLIENT, Map.of("Sub", SUB + " class Middle extends Base {}")),
            new Scenario(
                    "called by the superclass's initializer",
                    EARLY_CLIENT,
                    Map.of("Base", EARLY_BASE, "Sub", SUB.replace("extends Base", ""))),
            new Scenario("missing", CLIENT, Map.of("Sub", "")),
            new Scenario("missing exception", CLIENT, Map.of("Failure", "")),
            new Scenario(
                    "no longer throwable", CLIENT, Map.of("Failure", FAILURE.replace("extends RuntimeException", ""))),
            new Scenario("an interface now", CLIENT, Map.of("Failure", "package dep; public interface Failure {}")),
            new Scenario(
                    "final now", CLIENT, Map.of("Base", BASE.replace("public class", "public final class"), "Sub", "")),
            new Scenario("method gone", CLIENT, Map.of("Base", BASE.replace("public void hello() {}", ""))),
            new Scenario("private now", CLIENT, Map.of("Base", BASE.replace("protected void", "private void"))));

    private List<String> expected = List.of();
    private List<String> actual = List.of();

    @BeforeAll
    void runAll(@TempDir Path directory) throws IOException {
        List<Path> originals = new ArrayList<>();
        List<Path> rewritten = new ArrayList<>();
        for (int i = 0; i < SCENARIOS.size(); i++) {
            Path original = directory.resolve("original" + i);
            compile(SCENARIOS.get(i), original);
            originals.add(original);
            rewritten.add(rewrite(original, directory.resolve("rewritten" + i)));
        }
        expected = run(originals, "-XX:+BytecodeVerificationRemote");
        actual = run(rewritten, "-XX:-BytecodeVerificationRemote");
    }

    @Test
    void endsAsTheOriginalDoesUnderTheJvmsVerifier() {
        Map<String, String> wanted = new TreeMap<>();
        Map<String, String> found = new TreeMap<>();
        for (int i = 0; i < SCENARIOS.size(); i++) {
            wanted.put(SCENARIOS.get(i).name(), expected.get(i));
            found.put(SCENARIOS.get(i).name(), actual.get(i));
        }

        assertThat(found).isEqualTo(wanted);
        assertThat(wanted)
                .containsEntry("unchanged", "fine")
                .containsEntry("no longer a subclass", "java.lang.VerifyError");
    }

    private static void compile(Scenario scenario, Path output) throws IOException {
        Map<String, String> sources =
                new TreeMap<>(Map.of("Base", BASE, "Sub", SUB, "Failure", FAILURE, "Client", scenario.client()));
        javac(output, sources);
        for (Map.Entry<String, String> change : scenario.changed().entrySet()) {
            Path old = output.resolve("dep/" + change.getKey() + ".class");
            Files.delete(old);
            if (!change.getValue().isEmpty()) {
                javac(output, Map.of(change.getKey(), change.getValue()));
            }
        }
    }

    private static void javac(Path output, Map<String, String> sources) throws IOException {
        Path sourceDirectory = Files.createDirectories(output.resolveSibling(output.getFileName() + "-src"));
        Files.createDirectories(output);
        List<String> arguments = new ArrayList<>(
                List.of("--release", "17", "-nowarn", "-cp", output.toString(), "-d", output.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = sourceDirectory.resolve(source.getKey() + ".java");
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
    }

    /** Rewrites without any knowledge of other classes: all assumptions are left to link time. */
    private static Path rewrite(Path from, Path to) throws IOException {
        VerifyFilter filter = new VerifyFilter(VerifyFilter.World.OPEN);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (var each : FilterRun.of(filter, Files.readAllBytes(file)).entrySet()) {
                    Path target = to.resolve(each.getKey() + ".class");
                    Files.createDirectories(target.getParent());
                    Files.write(target, each.getValue());
                }
            }
        }
        return to;
    }

    private static List<String> run(List<Path> directories, String option) {
        ForkedJvm jvm = ForkedJvm.of(
                        Jdks.current(),
                        List.of(ForkedJvm.classesOf(ScenarioRunner.class), ForkedJvm.classesOf(LinkChecks.class)),
                        ScenarioRunner.class.getName())
                .withOptions("-XX:+UnlockDiagnosticVMOptions", option, "-Xmx256m")
                .withArguments(directories.stream().map(Path::toString).toArray(String[]::new));
        ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(2));
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).as(outcome.err()).hasSize(directories.size());
        return lines;
    }
}

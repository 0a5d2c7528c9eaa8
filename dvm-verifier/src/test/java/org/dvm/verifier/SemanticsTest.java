package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.dvm.runtime.verify.LinkChecks;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.Jdks;
import org.dvm.verifier.VerifyFilter.FactTables;
import org.dvm.verifier.VerifyFilter.ReferenceChecks;
import org.dvm.verifier.VerifyFilter.World;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs that would notice a check at the wrong time do the same self-verifying as before: side effects, initializers,
 * threads, interfaces, serialization, reflection, lines of stack traces. Where they were compiled against is changed: a
 * class is no longer a subclass, a method is gone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SemanticsTest {
    private static final String VERIFIED = "-XX:+BytecodeVerificationRemote";
    private static final String UNVERIFIED = "-XX:-BytecodeVerificationRemote";

    private Path directory = Path.of("");
    private Path original = Path.of("");
    private List<String> programs = List.of();
    private Map<String, String> expected = Map.of();

    @BeforeAll
    void runOriginals(@TempDir Path directory) throws IOException {
        this.directory = directory;
        original = directory.resolve("original");
        List<String> sources = sources();
        compile(original, sources);
        String base = sources.get(0);
        compile(original, List.of(base.replaceFirst("public String gone\\(\\) \\{.*?}", "")));
        compile(original, List.of("package dep; public class Loose { }"));
        try (Stream<Path> files = Files.list(original.resolve("app"))) {
            programs = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.contains("$") && !name.equals("Trace.class"))
                    .map(name -> name.replace(".class", ""))
                    .sorted()
                    .toList();
        }
        expected = run(original, VERIFIED);
    }

    @Test
    void programsNoticeWhatTheyShould() {
        assertThat(programs).hasSizeGreaterThan(14);
        assertThat(expected)
                .containsEntry("UnsoundClass", "before VerifyError after")
                .containsEntry("UnsoundInterface", "VerifyError VerifyError VerifyError")
                .containsEntry("NeverRuns", "before 1Unused")
                .containsEntry("Early", "Starting callednull Early calledTrace");
        assertThat(expected.get("AfterSideEffects"))
                .startsWith("used before finally caught used before finally caught");
    }

    @ParameterizedTest(name = "references: {0}, facts: {1}")
    @CsvSource({"JVM, ATTACHED", "INSERTED, ATTACHED", "INSERTED, NONE"})
    void doTheSameWithTheJvmsVerifierOff(ReferenceChecks references, FactTables facts) throws IOException {
        Path rewritten = rewrite(new VerifyFilter(World.OPEN, references, facts), references + "-" + facts);

        assertThat(run(rewritten, UNVERIFIED)).isEqualTo(expected);
    }

    @Test
    void areSoundForTheJvmsVerifierToo() throws IOException {
        Path rewritten =
                rewrite(new VerifyFilter(World.OPEN, ReferenceChecks.INSERTED, FactTables.ATTACHED), "verified");

        assertThat(run(rewritten, VERIFIED)).isEqualTo(expected);
    }

    @Test
    void doTheSameWhenRewrittenTwice() throws IOException {
        VerifyFilter filter = new VerifyFilter(World.OPEN);
        Path once = rewrite(filter, "once");
        Path twice = rewrite(once, filter, "twice");

        assertThat(run(twice, UNVERIFIED)).isEqualTo(expected);
    }

    // ---- parts ----

    private static List<String> sources() throws IOException {
        try (InputStream in = SemanticsTest.class.getResourceAsStream("semantics.java.txt")) {
            String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(all.split("(?m)^(?=package )"))
                    .filter(each -> !each.isBlank())
                    .toList();
        }
    }

    private static void compile(Path output, List<String> sources) throws IOException {
        Files.createDirectories(output);
        Path sourceDirectory = Files.createDirectories(output.resolveSibling("sources"));
        List<String> arguments = new ArrayList<>(
                List.of("--release", "17", "-nowarn", "-g", "-cp", output.toString(), "-d", output.toString()));
        for (String source : sources) {
            String name = source.replaceFirst("(?s).*?public (?:class|interface) (\\w+).*", "$1");
            arguments.add(Files.writeString(sourceDirectory.resolve(name + ".java"), source)
                    .toString());
        }
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
    }

    private Path rewrite(VerifyFilter filter, String name) throws IOException {
        return rewrite(original, filter, name);
    }

    private Path rewrite(Path from, VerifyFilter filter, String name) throws IOException {
        Path to = directory.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Map<String, byte[]> classes = FilterRun.of(filter, Files.readAllBytes(file));
                for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                    Path target = to.resolve(each.getKey() + ".class");
                    Files.createDirectories(target.getParent());
                    Files.write(target, each.getValue());
                }
            }
        }
        return to;
    }

    private Map<String, String> run(Path classes, String option) {
        List<String> arguments = new ArrayList<>(List.of(classes.toString()));
        arguments.addAll(programs);
        ForkedJvm jvm = ForkedJvm.of(
                        Jdks.current(),
                        List.of(ForkedJvm.classesOf(SemanticsRunner.class), ForkedJvm.classesOf(LinkChecks.class)),
                        SemanticsRunner.class.getName())
                .withOptions("-XX:+UnlockDiagnosticVMOptions", option, "-Xmx256m")
                .withArguments(arguments.toArray(String[]::new));
        ForkedJvm.Outcome outcome = jvm.run(null, Duration.ofMinutes(2));
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : outcome.out().lines().toList()) {
            String[] parts = line.strip().split(" ", 2);
            lines.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        assertThat(lines).as(outcome.err()).hasSize(programs.size());
        return lines;
    }
}

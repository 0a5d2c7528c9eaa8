package org.dvm.client.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.ForkedJvm.Outcome;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests of Apache Commons Lang, as published, with every method probed: those of the library, its tests', and JUnit's.
 */
class PublishedSuitesTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(25);

    @TempDir
    Path directory;

    @Test
    void testsOfSomePackagesSucceedUnderTheAgent() throws Exception {
        Outcome outcome = run(underAgent(), "org\\.apache\\.commons\\.lang3\\.(tuple|mutable|math)\\..*");

        assertThat(outcome.out()).matches("tests: \\d{3}\\R");
        assertThat(Files.readString(directory.resolve("report.jsonl"))).contains("\"refused\":0");
        assertThat(Files.readString(directory.resolve("calls.txt")))
                .contains("  org.apache.commons.lang3.math.Fraction.<init>(II)V\n");
    }

    @Test
    @Tag("slow")
    void theWholeSuiteDoesUnderTheAgentWhatItDoesWithout() throws Exception {
        String all = "org\\.apache\\.commons\\.lang3\\..*";

        Outcome without = run(List.of(), all);
        Outcome under = run(underAgent(), all);

        assertThat(under.out()).isEqualTo(without.out());
        assertThat(Files.readString(directory.resolve("report.jsonl"))).contains("\"refused\":0");
    }

    private List<String> underAgent() {
        return List.of("-javaagent:" + System.getProperty("dvm.agent")
                + "=services=audit,profile,dvm.audit.file=none,dvm.profile.file=calls.txt,report=report.jsonl");
    }

    private Outcome run(List<String> options, String classes) throws IOException, ClassNotFoundException {
        List<Path> classPath = new ArrayList<>();
        for (String member : new String[] {
            SuiteRunner.class.getName(),
            "org.apache.commons.lang3.StringUtils",
            "org.apache.commons.lang3.StringUtilsTest",
            "org.apache.commons.text.WordUtils",
            "org.easymock.EasyMock",
            "org.objenesis.Objenesis",
            "org.junitpioneer.jupiter.DefaultLocale",
            "org.junit.jupiter.api.Test",
            "org.junit.jupiter.params.ParameterizedTest",
            "org.junit.jupiter.engine.JupiterTestEngine",
            "org.junit.platform.commons.JUnitException",
            "org.junit.platform.engine.TestEngine",
            "org.junit.platform.launcher.Launcher",
            "org.opentest4j.AssertionFailedError",
        }) {
            classPath.add(
                    ForkedJvm.classesOf(Class.forName(member, false, getClass().getClassLoader())));
        }
        Outcome outcome = ForkedJvm.of(Jdks.current(), classPath, SuiteRunner.class.getName())
                .withOptions("-Xmx1g", "-Djava.awt.headless=true")
                .withOptions(options.toArray(new String[0]))
                .withArguments(classPath.get(2).toString(), classes)
                .run(directory, TIMEOUT);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome;
    }
}

package org.dvm.client.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.ForkedJvm.Outcome;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tests of Apache Commons Lang and Apache Commons Compress, as published, with every method probed: those of the
 * library, its tests', and JUnit's.
 */
class PublishedSuitesTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(25);

    private static final String[] JUNIT = {
        SuiteRunner.class.getName(),
        "org.junit.jupiter.api.Test",
        "org.junit.jupiter.params.ParameterizedTest",
        "org.junit.jupiter.engine.JupiterTestEngine",
        "org.junit.platform.commons.JUnitException",
        "org.junit.platform.engine.TestEngine",
        "org.junit.platform.launcher.Launcher",
        "org.opentest4j.AssertionFailedError",
    };

    private static final String[] LANG = {
        "org.apache.commons.lang3.StringUtils",
        "org.apache.commons.text.WordUtils",
        "org.easymock.EasyMock",
        "org.objenesis.Objenesis",
        "org.junitpioneer.jupiter.DefaultLocale",
        "org.apache.commons.lang3.StringUtilsTest",
    };

    private static final String[] COMPRESS = {
        "org.apache.commons.compress.archivers.zip.ZipFile",
        "org.apache.commons.io.IOUtils",
        "org.apache.commons.codec.digest.DigestUtils",
        "org.apache.commons.lang3.StringUtils",
        "org.junit.Assert",
        "org.apache.commons.compress.AbstractTest",
    };

    @TempDir
    Path directory;

    @Test
    void testsOfSomePackagesSucceedUnderTheAgent() throws Exception {
        Outcome outcome = run(LANG, underAgent(), "org\\.apache\\.commons\\.lang3\\.(tuple|mutable|math)\\..*");

        assertThat(outcome.out()).matches("tests: \\d{3}\\R");
        assertThat(Files.readString(directory.resolve("report.jsonl"))).contains("\"refused\":0");
        assertThat(Files.readString(directory.resolve("calls.txt")))
                .contains("  org.apache.commons.lang3.math.Fraction.<init>(II)V\n");
    }

    @Test
    @Tag("slow")
    void theWholeSuiteOfLangDoesUnderTheAgentWhatItDoesWithout() throws Exception {
        assertSameUnderTheAgent(LANG, "org\\.apache\\.commons\\.lang3\\..*");
    }

    /** But for the packages that write gigabytes or need other libraries. */
    @Test
    @Tag("slow")
    void theSuiteOfCompressDoesUnderTheAgentWhatItDoesWithout() throws Exception {
        assertSameUnderTheAgent(
                COMPRESS,
                "org\\.apache\\.commons\\.compress\\.(archivers\\.(ar|arj|cpio|dump|jar|tar)|changes"
                        + "|compressors\\.(bzip2|gzip|lz4|z|deflate)|utils)\\..*Test");
    }

    private void assertSameUnderTheAgent(String[] suite, String classes) throws Exception {
        Outcome without = run(suite, List.of(), classes);
        Outcome under = run(suite, underAgent(), classes);

        assertThat(under.out()).isEqualTo(without.out()).matches("(?s).*tests: \\d{3,}\\R");
        assertThat(Files.readString(directory.resolve("report.jsonl"))).contains("\"refused\":0");
    }

    private List<String> underAgent() {
        return List.of("-javaagent:" + System.getProperty("dvm.agent")
                + "=services=audit,profile,dvm.audit.file=none,dvm.profile.file=calls.txt,report=report.jsonl");
    }

    /** Runs a suite; the tests are where the last of its members is. */
    private Outcome run(String[] suite, List<String> options, String classes)
            throws IOException, ClassNotFoundException {
        List<Path> classPath = new ArrayList<>(List.of(unpacked(suite[suite.length - 1])));
        for (String member : JUNIT) {
            classPath.add(pathOf(member));
        }
        for (int i = 0; i < suite.length - 1; i++) {
            classPath.add(pathOf(suite[i]));
        }
        Outcome outcome = ForkedJvm.of(Jdks.current(), classPath, SuiteRunner.class.getName())
                .withOptions("-Xmx1g", "-Djava.awt.headless=true")
                .withOptions(options.toArray(new String[0]))
                .withArguments(classPath.get(0).toString(), classes)
                .run(directory, TIMEOUT);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome;
    }

    private Path pathOf(String member) throws ClassNotFoundException {
        return ForkedJvm.classesOf(Class.forName(member, false, getClass().getClassLoader()));
    }

    /** Unpacks the jar of a class: tests open files that stand beside them. */
    private Path unpacked(String member) throws IOException, ClassNotFoundException {
        Path tests = directory.resolve("tests");
        if (Files.exists(tests)) {
            return tests;
        }
        try (ZipFile jar = new ZipFile(pathOf(member).toFile())) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                Path file = tests.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(jar.getInputStream(entry), file);
                }
            }
        }
        return tests;
    }
}

package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.JvmRelease.Preview;
import org.dvm.core.finding.LinkError;
import org.dvm.testkit.assembly.ClassAssembler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationRunTest {
    @TempDir
    Path directory;

    @Test
    void acceptsAJarAndCountsWhatItDid() throws IOException {
        String jar = Corpus.jarOf(Test.class).toString();
        AtomicInteger last = new AtomicInteger();

        VerificationReport report = VerificationRun.of(jar).withJobs(2).run((done, total) -> last.set(total));

        assertThat(report.rejected()).isEmpty();
        assertThat(report.results()).hasSize(last.get()).hasSizeGreaterThan(50);
        assertThat(report.staticChecks()).isGreaterThan(1000);
        assertThat(report.references()).isPositive();
    }

    @Test
    void readsModulesOfTheRunningJdk() throws IOException {
        VerificationReport report = VerificationRun.of("jrt:/java.logging").run(VerificationRun.Progress.NONE);

        assertThat(report.rejected()).isEmpty();
        assertThat(report.assumptions()).isZero();
    }

    @Test
    void rejectsAClassWithAWrongInstruction() throws IOException {
        Path file = wrongClass();

        VerificationReport report = VerificationRun.of(file.toString()).run(VerificationRun.Progress.NONE);

        assertThat(report.rejected()).hasSize(1);
        Verdict.Rejected verdict = (Verdict.Rejected) report.rejected().get(0).verdict();
        assertThat(verdict.error()).isEqualTo(LinkError.VERIFY);
        assertThat(verdict.faults().get(0).render())
                .contains("FALLS_OFF_END", "org/dvm/verifier/VerificationRunTest$Victim.answer()I", "iconst_0");
        assertThat(ReportFormats.json(report).toString())
                .contains("\"rejected\":1", "\"rule\":\"FALLS_OFF_END\"", "\"error\":\"java.lang.VerifyError\"");
        assertThat(ReportFormats.sarif(report, "1").toString())
                .contains("\"version\":\"2.1.0\"", "\"ruleId\":\"FALLS_OFF_END\"", "Victim.answer()I");
    }

    @Test
    void judgesByTheRulesOfTheReleaseAskedFor() throws IOException {
        Path distant = directory.resolve("Distant.class");
        Files.write(distant, TypeFixtures.classFileOf("a method of a superinterface's superinterface"));
        Path lib = Files.createDirectories(directory.resolve("lib/lib"));
        for (Map.Entry<String, byte[]> each : TypeFixtures.world().entrySet()) {
            Files.write(lib.resolve(each.getKey().substring(4) + ".class"), each.getValue());
        }
        VerificationRun run = VerificationRun.of(distant.toString())
                .withClassPath(directory.resolve("lib").toString());

        assertThat(run.withJvm(JvmRelease.of(17))
                        .run(VerificationRun.Progress.NONE)
                        .rejected())
                .isEmpty();
        assertThat(run.withJvm(JvmRelease.of(25))
                        .run(VerificationRun.Progress.NONE)
                        .rejected())
                .hasSize(1);
    }

    @Test
    void refusesVersionsThatTheReleaseDoesNotKnow() throws IOException {
        Path modern = directory.resolve("Modern.class");
        Files.write(modern, new ClassAssembler("demo/Modern").version(69, 0).toBytes());
        Path preview = directory.resolve("Preview.class");
        Files.write(
                preview, new ClassAssembler("demo/Preview").version(69, 0xffff).toBytes());

        assertThat(errors(modern, JvmRelease.of(24))).containsExactly(LinkError.UNSUPPORTED_CLASS_VERSION);
        assertThat(errors(modern, JvmRelease.of(25))).isEmpty();
        assertThat(errors(preview, JvmRelease.of(25))).containsExactly(LinkError.UNSUPPORTED_CLASS_VERSION);
        assertThat(errors(preview, new JvmRelease(25, Preview.ENABLED))).isEmpty();
        assertThat(errors(preview, JvmRelease.NEWEST)).isEmpty();
    }

    private static List<LinkError> errors(Path file, JvmRelease jvm) throws IOException {
        return VerificationRun.of(file.toString()).withJvm(jvm).run(VerificationRun.Progress.NONE).rejected().stream()
                .map(result -> ((Verdict.Rejected) result.verdict()).error())
                .toList();
    }

    @Test
    void seesOfMultiReleaseJarsWhatTheReleaseSees() throws IOException {
        Path jar = directory.resolve("multi.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("demo/Two.class"));
            out.write(new ClassAssembler("demo/Two").toBytes());
            out.putNextEntry(new ZipEntry("META-INF/versions/21/demo/Two.class"));
            out.write(new ClassAssembler("demo/Two").version(65, 0).toBytes());
        }

        assertThat(errors(jar, JvmRelease.of(17))).isEmpty();
        assertThat(VerificationRun.of(jar.toString())
                        .withJvm(JvmRelease.of(21))
                        .run(VerificationRun.Progress.NONE)
                        .results())
                .extracting(ClassResult::source)
                .containsExactly(jar + "!/META-INF/versions/21/demo/Two.class");
    }

    @Test
    void refusesReleasesBeforeEight() {
        assertThatThrownBy(() -> VerificationRun.of("a.jar").withJvm(JvmRelease.of(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 or later");
    }

    @Test
    void namesAnInputThatIsNotThere() {
        VerificationRun run = VerificationRun.of("no-such.jar");

        assertThatThrownBy(() -> run.run(VerificationRun.Progress.NONE))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no-such.jar");
    }

    @Test
    void refusesAnEmptyRun() {
        assertThatThrownBy(VerificationRun::of)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing to verify");
    }

    /** Returns a class whose method ends without returning: ireturn, 0xac, becomes iconst_0. */
    private Path wrongClass() throws IOException {
        try (InputStream in = Victim.class.getResourceAsStream("VerificationRunTest$Victim.class")) {
            byte[] bytes = in.readAllBytes();
            for (int i = 0; i + 2 < bytes.length; i++) {
                if (bytes[i] == 0x10 && bytes[i + 1] == 42 && bytes[i + 2] == (byte) 0xac) {
                    bytes[i] = 0x03;
                    bytes[i + 1] = 0x57;
                    bytes[i + 2] = 0x03;
                }
            }
            return Files.write(directory.resolve("Victim.class"), bytes);
        }
    }

    /** What is damaged. */
    static final class Victim {
        static int answer() {
            return 42;
        }
    }
}

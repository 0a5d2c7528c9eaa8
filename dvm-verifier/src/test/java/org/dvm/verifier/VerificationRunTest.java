package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.dvm.core.finding.LinkError;
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

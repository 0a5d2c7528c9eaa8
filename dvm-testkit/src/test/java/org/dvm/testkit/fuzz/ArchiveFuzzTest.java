package org.dvm.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/**
 * Coverage-guided fuzzing of the jar rewriter: {@code JAZZER_FUZZ=1 mvn -pl dvm-testkit -am test -Dtest=ArchiveFuzzTest}.
 * Without the variable it runs the seeds only.
 */
@Tag("once")
class ArchiveFuzzTest {
    private final HostileArchive archive = new HostileArchive(HostileInput.Memory.UNWATCHED, temporaryFile());

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("dvm-fuzz", ".jar");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void bearsAnyBytes(byte[] bytes) {
        archive.bear(bytes);
    }
}

package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.core.testing.Archives.jarOf;
import static org.dvm.core.testing.Archives.unzip;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes leaves a whole output, whichever one. */
@Tag("once")
class KilledRewriteTest {
    @TempDir
    Path temp;

    @Test
    void whoeverIsKilledWhileWritingLeavesAWholeOutput() throws Exception {
        Path in = jarOf(ZipArchiveEntry.class);
        Path out = temp.resolve("out.jar");
        for (int round = 0; round < 3; round++) {
            Process process = start(in, out);
            try (BufferedReader says =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(says.lines().anyMatch("again"::equals)).isTrue();
                awaitUnfinishedOutput();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(unzip(out).keySet()).hasSameSizeAs(unzip(in).keySet());
            removeUnfinished();
        }
    }

    /** Waits until an output is being made, so that the kill comes in between. */
    private void awaitUnfinishedOutput() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            try (var files = Files.list(temp)) {
                if (files.anyMatch(file -> file.toString().endsWith(".dvm-tmp"))) {
                    return;
                }
            }
        }
        throw new AssertionError("no output was being made");
    }

    private void removeUnfinished() throws Exception {
        try (var files = Files.newDirectoryStream(temp, ".*.dvm-tmp")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static Process start(Path in, Path out) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RewriteLoop.class.getName(),
                        in.toString(),
                        out.toString())
                .redirectErrorStream(true)
                .start();
    }
}

package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.core.testing.Archives.jarOf;
import static org.dvm.core.testing.Archives.unzip;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes leaves a whole output, whichever one. */
@Tag("once")
class KilledRewriteTest {
    private static final int CLASSES = 40;

    @TempDir
    Path temp;

    @Test
    void whoeverIsKilledWhileWritingAJarLeavesAWholeOutput() throws Exception {
        Path in = jarOf(ZipArchiveEntry.class);
        Path out = temp.resolve("out.jar");
        for (int round = 0; round < 3; round++) {
            killWhileWriting(in, out);

            assertThat(unzip(out).keySet()).hasSameSizeAs(unzip(in).keySet());
            deleteUnfinished();
        }
    }

    @Test
    void whoeverIsKilledWhileWritingADirectoryLeavesOneOutputAndNoMixture() throws Exception {
        Path in = Files.createDirectory(temp.resolve("in"));
        for (int i = 0; i < CLASSES; i++) {
            String source = "class C" + i + " { String mark = \"" + RewriteLoop.MARK + "\"; }";
            Files.write(in.resolve("C" + i + ".class"), JavaSources.compileOne("C" + i + ".java", source));
        }
        Path out = temp.resolve("out");
        for (int round = 0; round < 5; round++) {
            killWhileWriting(in, out);

            Path whole = Files.exists(out) ? out : movedAside();
            Set<String> marks = new HashSet<>();
            for (int i = 0; i < CLASSES; i++) {
                String text = Files.readString(whole.resolve("C" + i + ".class"), StandardCharsets.ISO_8859_1);
                marks.add(text.substring(text.indexOf("round "), text.indexOf("round ") + RewriteLoop.MARK.length()));
            }
            assertThat(marks).hasSize(1).doesNotContain(RewriteLoop.MARK);
            deleteUnfinished();
        }
    }

    private void killWhileWriting(Path in, Path out) throws Exception {
        Process process = start(in, out);
        try (BufferedReader says =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(says.lines().anyMatch("again"::equals)).isTrue();
            awaitUnfinishedOutput();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Returns where the old output was moved to by a process that had no time to put the new one into its place. */
    private Path movedAside() throws Exception {
        try (var files = Files.list(temp)) {
            return files.filter(file -> file.toString().endsWith(".old.dvm-tmp"))
                    .findFirst()
                    .orElseThrow();
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

    private void deleteUnfinished() throws Exception {
        try (var files = Files.newDirectoryStream(temp, ".*.dvm-tmp")) {
            for (Path file : files) {
                try (var all = Files.walk(file)) {
                    for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
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

package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.dvm.core.testing.TestFilters.replaceText;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive whose sizes and offsets need Zip64. */
@Tag("slow")
@Tag("once")
class LargeArchiveTest {
    private static final long BIG_BYTES = (1L << 32) + 12_345;
    private static final byte[] HELLO =
            JavaSources.compileOne("Hello.java", "class Hello { String text() { return \"hello\"; } }");

    @TempDir
    Path temp;

    @Test
    void entriesAndOffsetsBeyondFourGigabytesAreKept() throws IOException {
        assumeThat(Files.getFileStore(temp).getUsableSpace())
                .as("room for an archive and its copy")
                .isGreaterThan(3 * BIG_BYTES);
        Path in = temp.resolve("in.jar");
        write(in);
        Path out = temp.resolve("out.jar");
        Rewriter rewriter = Rewriter.of(TransformPipeline.of(replaceText("hello", "HELLO")));

        assertThat(rewriter.rewrite(in, out).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(rewriter.withLimits(Limits.DEFAULT.withEntryBytes(2 * BIG_BYTES))
                        .rewrite(in, out)
                        .outcome())
                .isEqualTo(Outcome.REWRITTEN);

        assertThat(Files.size(out)).isGreaterThan(BIG_BYTES);
        try (ZipFile zip = new ZipFile(out.toFile())) {
            ZipEntry hello = zip.getEntry("Hello.class");
            assertThat(zip.getInputStream(hello).readAllBytes()).asString().contains("HELLO");
            ZipEntry big = zip.getEntry("big.bin");
            assertThat(big.getSize()).isEqualTo(BIG_BYTES);
            assertThat(big.getCrc()).isEqualTo(crcOfZeros());
        }
    }

    private static void write(Path file) throws IOException {
        byte[] zeros = new byte[1 << 20];
        try (ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            ZipEntry big = new ZipEntry("big.bin");
            big.setMethod(ZipEntry.STORED);
            big.setSize(BIG_BYTES);
            big.setCrc(crcOfZeros());
            out.putNextEntry(big);
            for (long left = BIG_BYTES; left > 0; left -= zeros.length) {
                out.write(zeros, 0, (int) Math.min(zeros.length, left));
            }
            out.putNextEntry(new ZipEntry("Hello.class")); // its header stands beyond 4 GB
            out.write(HELLO);
        }
    }

    private static long crcOfZeros() {
        byte[] zeros = new byte[1 << 20];
        CRC32 crc = new CRC32();
        for (long left = BIG_BYTES; left > 0; left -= zeros.length) {
            crc.update(zeros, 0, (int) Math.min(zeros.length, left));
        }
        return crc.getValue();
    }
}

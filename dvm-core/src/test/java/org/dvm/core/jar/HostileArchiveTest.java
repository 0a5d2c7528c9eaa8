package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.core.testing.Archives.entries;
import static org.dvm.core.testing.Archives.unzip;
import static org.dvm.core.testing.Archives.zip;
import static org.dvm.core.testing.TestFilters.replaceText;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Rule;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that were made to harm: each is refused with a finding, in bounded time and memory. */
class HostileArchiveTest {
    private static final byte[] HELLO = JavaSources.compileOne(
            "demo/Hello.java", "package demo; public class Hello { public String say() { return \"hello\"; } }");
    private static final Rewriter REWRITER = Rewriter.of(TransformPipeline.of(replaceText("hello", "HELLO")));

    @ParameterizedTest
    @ValueSource(
            strings = {"../../evil.txt", "/etc/passwd", "a/../../b", "a//b", "./a", "C:/x", "a\\b", "x\0y", "a/.."})
    void namesThatLeadOutsideAreRefused(String name) throws IOException {
        assertThat(refusal(REWRITER, zip(entries("demo/Hello.class", HELLO, name, "x"))))
                .isEqualTo(ArchiveRule.ENTRY_NAME);
    }

    @Test
    void namesThatAreNotUtf8AreRefused() throws IOException {
        byte[] zip = zip(entries("demo/Hello.class", HELLO, "n-me.txt", "x"));
        assertThat(refusal(REWRITER, replaceAll(zip, "n-me.txt", new byte[] {'n', (byte) 0xff, 'm', 'e'})))
                .isEqualTo(ArchiveRule.ENTRY_NAME);
    }

    @Test
    void duplicatesAreRefused() throws IOException {
        byte[] zip = zip(entries("demo/Hello.class", HELLO, "demo/hello.class", HELLO));
        assertThat(refusal(REWRITER, replaceAll(zip, "demo/hello.class", "demo/Hello.class")))
                .isEqualTo(ArchiveRule.DUPLICATE_ENTRY);
    }

    @Test
    void aDirectoryWithContentIsRefused() throws IOException {
        // A JVM asked for demo/Hello.class would take it.
        byte[] zip = zip(entries("demo/Hello.class-", HELLO));
        assertThat(refusal(REWRITER, replaceAll(zip, "demo/Hello.class-", "demo/Hello.class/")))
                .isEqualTo(ArchiveRule.ENTRY_NAME);
    }

    @Test
    void bombsAreRefusedByRatioSizeTotalAndCount() throws IOException {
        byte[] bomb = zip(entries("zeros", new byte[20 << 20]));
        assertThat(refusal(REWRITER, bomb)).isEqualTo(ArchiveRule.LIMIT_EXCEEDED);
        Limits loose = Limits.DEFAULT.withRatio(2000);
        assertThat(outcome(REWRITER.withLimits(loose), bomb)).isEqualTo(Outcome.UNCHANGED);
        assertThat(refusal(REWRITER.withLimits(loose.withEntryBytes(1 << 20)), bomb))
                .isEqualTo(ArchiveRule.LIMIT_EXCEEDED);
        assertThat(refusal(REWRITER.withLimits(loose.withTotalBytes(1 << 20)), bomb))
                .isEqualTo(ArchiveRule.LIMIT_EXCEEDED);
        assertThat(refusal(REWRITER.withLimits(loose.withEntries(1)), zip(entries("a", "a", "b", "b"))))
                .isEqualTo(ArchiveRule.LIMIT_EXCEEDED);
    }

    @Test
    void limitsHoldForAllArchivesTogether() throws IOException {
        byte[] library = zip(entries("data", new byte[600_000]));
        byte[] zip = zip(entries("a.jar", library, "b.jar", library));
        assertThat(outcome(REWRITER.withLimits(Limits.DEFAULT.withTotalBytes(1_000_000)), zip))
                .isEqualTo(Outcome.FAILED);
        assertThat(outcome(REWRITER.withLimits(Limits.DEFAULT.withTotalBytes(1_300_000)), zip))
                .isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void nestingIsLimited() throws IOException {
        byte[] zip = zip(entries("demo/Hello.class", HELLO));
        for (int i = 0; i < 10; i++) {
            zip = zip(entries("inner.jar", zip));
        }
        RewriteReport report = REWRITER.rewrite(new ByteArrayInputStream(zip), "deep.jar", new ByteArrayOutputStream());

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.allFindings())
                .anySatisfy(finding -> assertThat(finding.rule()).isEqualTo(ArchiveRule.LIMIT_EXCEEDED));
        assertThat(outcome(REWRITER.withLimits(Limits.DEFAULT.withNesting(11)), zip))
                .isEqualTo(Outcome.REWRITTEN);
    }

    @Test
    void overlappingEntriesAreRefused() throws IOException {
        byte[] zip = zip(entries("a.bin", new byte[] {1, 2, 3}, "b.bin", new byte[] {1, 2, 3}));
        int directory = indexOf(zip, new byte[] {'P', 'K', 1, 2}, 0);
        int second = indexOf(zip, new byte[] {'P', 'K', 1, 2}, directory + 1);
        byte[] overlapping = zip.clone();
        // Both entries of the directory point at the first one's data.
        System.arraycopy(zip, directory + 42, overlapping, second + 42, 4);
        assertThat(refusal(REWRITER, overlapping)).isIn(ArchiveRule.MALFORMED, ArchiveRule.CORRUPT_ENTRY);
    }

    @Test
    void dataThatAreNotWhatWasDeclaredAreRefused() throws IOException {
        byte[] zip = zip(entries("demo/Hello.class", HELLO, "text.txt", "some text, some text, some text"));
        int directory = indexOf(zip, new byte[] {'P', 'K', 1, 2}, 0);
        for (int field : new int[] {16, 24}) { // crc, size
            byte[] lying = zip.clone();
            lying[directory + field]++;
            assertThat(refusal(REWRITER, lying)).as("field at " + field).isEqualTo(ArchiveRule.CORRUPT_ENTRY);
            int second = indexOf(zip, new byte[] {'P', 'K', 1, 2}, directory + 1);
            lying = zip.clone();
            lying[second + field]++;
            assertThat(refusal(REWRITER, lying))
                    .as("resource's field at " + field)
                    .isEqualTo(ArchiveRule.CORRUPT_ENTRY);
        }
    }

    @Test
    void whatReadersCouldSeeDifferentlyIsNormalized() throws IOException {
        byte[] zip = zip(entries("demo/Other.class", HELLO.clone(), "text.txt", "x"));
        int local = indexOf(zip, "text.txt".getBytes(StandardCharsets.UTF_8), 0);
        byte[] differing = zip.clone();
        differing[local] = 'n'; // the local header's name only
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RewriteReport report =
                Rewriter.of(TransformPipeline.of()).rewrite(new ByteArrayInputStream(differing), "in.jar", out);

        assertThat(report.findings()).hasSize(1);
        assertThat(report.findings().get(0).rule()).isEqualTo(ArchiveRule.NORMALIZED);
        assertThat(unzip(out.toByteArray()).keySet()).containsExactly("demo/Other.class", "text.txt");
    }

    @Test
    void aDirectoryThatAJvmCouldNotFollowIsWrittenAnew() throws IOException {
        byte[] zip = zip(entries("a.txt", "a", "b.txt", "b"));
        int first = indexOf(zip, new byte[] {'P', 'K', 1, 2}, 0);
        int second = indexOf(zip, new byte[] {'P', 'K', 1, 2}, first + 1);
        byte[] beyond = zip.clone();
        beyond[second + 30] = (byte) (beyond[second + 30] + 16); // its extra field reaches into the end record
        byte[] swapped = zip.clone();
        System.arraycopy(zip, first, swapped, second, second - first);
        System.arraycopy(zip, second, swapped, first, second - first);
        for (byte[] archive : new byte[][] {beyond, swapped}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            RewriteReport report = REWRITER.rewrite(new ByteArrayInputStream(archive), "in.jar", out);

            assertThat(report.outcome()).isEqualTo(Outcome.UNCHANGED);
            assertThat(report.findings())
                    .singleElement()
                    .extracting(Finding::rule)
                    .isEqualTo(ArchiveRule.NORMALIZED);
            assertThat(listed(out.toByteArray())).containsExactly("a.txt", "b.txt");
        }
    }

    /** What java.util.zip sees in the archive's directory. */
    private static List<String> listed(byte[] archive) throws IOException {
        Path file = Files.createTempFile("dvm-listed", ".jar");
        try {
            Files.write(file, archive);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return zip.stream().map(ZipEntry::getName).toList();
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void anEmptyDirectoryHidesNothingFromReadersOfStreams() throws IOException {
        byte[] full = zip(entries("demo/Hello.class", HELLO));
        byte[] end = Arrays.copyOfRange(full, full.length - 22, full.length);
        Arrays.fill(end, 8, 20, (byte) 0); // no entries, no directory
        byte[] hiding = Arrays.copyOf(full, full.length);
        System.arraycopy(end, 0, hiding, full.length - 22, 22);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        REWRITER.rewrite(new ByteArrayInputStream(hiding), "in.jar", out);

        assertThat(out.toByteArray()).isEqualTo(end);
    }

    @Test
    void bytesBehindThePackedDataOfAnEntryAreRefused() throws IOException {
        byte[] archive = zip(entries("demo/Hello.class", HELLO, "a.txt", "a"));
        int directory = indexOf(archive, new byte[] {'P', 'K', 1, 2}, 0);
        int second = indexOf(archive, new byte[] {'P', 'K', 3, 4}, 4);
        int end = archive.length - 22;
        byte[] longer = new byte[archive.length + 1];
        System.arraycopy(archive, 0, longer, 0, second);
        System.arraycopy(archive, second, longer, second + 1, archive.length - second);
        longer[18]++; // packed size in the local header and in the directory
        longer[directory + 1 + 20]++;
        int other = indexOf(longer, new byte[] {'P', 'K', 1, 2}, directory + 2);
        ByteBuffer fields = ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(other + 42, second + 1);
        fields.putInt(end + 1 + 16, directory + 1);

        assertThat(refusal(REWRITER, longer)).isEqualTo(ArchiveRule.CORRUPT_ENTRY);
    }

    @Test
    void anArchiveThatAnnouncesOtherEntriesThanItHasIsRefused() throws IOException {
        byte[] archive = zip(entries("demo/Hello.class", HELLO, "a.txt", "a"));
        archive[archive.length - 12] = 3;

        assertThat(refusal(REWRITER, archive)).isEqualTo(ArchiveRule.MALFORMED);
    }

    @Test
    void filesThatAreNoArchivesAreRefused() throws IOException {
        for (byte[] none :
                new byte[][] {{}, {1}, "no archive at all, only some text".getBytes(StandardCharsets.UTF_8)}) {
            assertThat(refusal(REWRITER, none)).isEqualTo(ArchiveRule.MALFORMED);
        }
    }

    @Test
    void truncatedArchivesAreRefused() throws IOException {
        byte[] zip = zip(entries("demo/Hello.class", HELLO, "text.txt", "x"));
        for (int length = 0; length < zip.length; length++) {
            assertThat(outcome(REWRITER, Arrays.copyOf(zip, length)))
                    .as("length " + length)
                    .isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void mutantsEndInAReportAndNeverPassHelloOn() throws IOException {
        mutate(2_500, 20260101);
    }

    /** Mutates archives; an output must be one that the JDK reads, and the class in it went through the filter. */
    private static void mutate(int count, long seed) throws IOException {
        byte[] inner = zip(entries("demo/Hello.class", HELLO));
        byte[] seedZip = zip(entries(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\r\n\r\n",
                "demo/Hello.class",
                HELLO,
                "inner.jar",
                inner));
        int directory = indexOf(seedZip, new byte[] {'P', 'K', 1, 2}, inner.length);
        Random random = new Random(seed);
        int survivors = 0;
        for (int i = 0; i < count; i++) {
            byte[] mutant = seedZip.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                // Half of them in the directory, where they do most.
                int at = random.nextBoolean()
                        ? directory + random.nextInt(mutant.length - directory)
                        : random.nextInt(mutant.length);
                mutant[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : mutant[at] ^ 1 << random.nextInt(8));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            RewriteReport report = REWRITER.rewrite(new ByteArrayInputStream(mutant), "in.jar", out);
            if (report.outcome() != Outcome.FAILED) {
                survivors++;
                for (Map.Entry<String, byte[]> entry : unzip(out.toByteArray()).entrySet()) {
                    boolean hello = entry.getKey().endsWith(".class")
                            && new String(entry.getValue(), StandardCharsets.ISO_8859_1).contains("hello");
                    assertThat(hello)
                            .as("seed %d, mutant %d, entry %s", seed, i, entry.getKey())
                            .isFalse();
                }
            } else {
                assertThat(out.size()).isZero();
            }
        }
        assertThat(survivors).isPositive();
    }

    private static Outcome outcome(Rewriter rewriter, byte[] zip) throws IOException {
        return rewriter.rewrite(new ByteArrayInputStream(zip), "in.jar", new ByteArrayOutputStream())
                .outcome();
    }

    private static Rule refusal(Rewriter rewriter, byte[] zip) throws IOException {
        RewriteReport report = rewriter.rewrite(new ByteArrayInputStream(zip), "in.jar", new ByteArrayOutputStream());
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        return report.findings().get(0).rule();
    }

    private static byte[] replaceAll(byte[] bytes, String from, String to) {
        return replaceAll(bytes, from, to.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] replaceAll(byte[] bytes, String from, byte[] to) {
        byte[] result = bytes.clone();
        byte[] wanted = from.getBytes(StandardCharsets.UTF_8);
        for (int at = indexOf(result, wanted, 0); at >= 0; at = indexOf(result, wanted, at + 1)) {
            System.arraycopy(to, 0, result, at, to.length);
        }
        return result;
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i <= bytes.length - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}

package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.dvm.core.testing.Archives.entries;
import static org.dvm.core.testing.Archives.zip;
import static org.dvm.core.testing.TestFilters.replaceText;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.dvm.core.finding.Finding;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands where the output shall go, and what an input holds besides classes. */
class OutputPlaceTest {
    private static final Rewriter SHOUT = Rewriter.of(TransformPipeline.of(replaceText("hello", "HELLO")));
    private static final byte[] HELLO =
            JavaSources.compileOne("Hello.java", "class Hello { String text() { return \"hello\"; } }");

    @TempDir
    Path temp;

    private Path jar;
    private Path classes;

    @BeforeEach
    void makeInputs() throws IOException {
        jar = Files.write(temp.resolve("in.jar"), zip(entries("Hello.class", HELLO)));
        classes = Files.createDirectory(temp.resolve("classes"));
        Files.write(classes.resolve("Hello.class"), HELLO);
    }

    private void assumeLinks() throws IOException {
        assumeThat(Files.getFileStore(temp).supportsFileAttributeView("posix"))
                .as("a file system with links")
                .isTrue();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aFileThatIsALinkIsWrittenWhereItLeads() throws IOException {
        assumeLinks();
        Path real = Files.write(temp.resolve("real.jar"), Files.readAllBytes(jar));
        Path link = Files.createSymbolicLink(temp.resolve("link.jar"), Path.of("real.jar"));
        Path toNew = Files.createSymbolicLink(temp.resolve("new-link.class"), temp.resolve("new.class"));

        SHOUT.rewrite(link, link);
        SHOUT.rewrite(classes.resolve("Hello.class"), toNew);

        assertThat(link).isSymbolicLink();
        assertThat(Files.readAllBytes(real)).isNotEqualTo(Files.readAllBytes(jar));
        assertThat(toNew).isSymbolicLink();
        assertThat(text(temp.resolve("new.class"))).contains("HELLO");
    }

    @Test
    void nothingOfAnotherKindIsReplaced() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("precious"));
        Files.writeString(directory.resolve("file"), "precious");
        Path file = Files.writeString(temp.resolve("file"), "precious");

        assertThatThrownBy(() -> SHOUT.rewrite(jar, directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory + " is there and a directory");
        assertThatThrownBy(() -> SHOUT.rewrite(classes.resolve("Hello.class"), directory))
                .hasMessageContaining("is there and a directory");
        assertThatThrownBy(() -> SHOUT.rewrite(classes, file)).hasMessageContaining(file + " is there and none");
        assertThatThrownBy(() -> SHOUT.rewrite(jar, file.resolve("out.jar")))
                .hasMessageContaining(file + " is there and no directory");
        assertThat(directory.resolve("file")).hasContent("precious");
        assertThat(file).hasContent("precious");
    }

    @Test
    void devicesAreNeitherReadNorReplaced() throws IOException {
        Path device = Path.of("/dev/null");
        assumeThat(device).as("a device to name").exists();

        assertThatThrownBy(() -> SHOUT.rewrite(jar, device)).hasMessageContaining("no ordinary file");
        assertThatThrownBy(() -> SHOUT.rewrite(device, temp.resolve("out.jar")))
                .hasMessageContaining("neither a file nor a directory");
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void anOutputWithinTheInputIsSeenThroughLinks() throws IOException {
        assumeLinks();
        Path link = Files.createSymbolicLink(temp.resolve("link"), classes);

        assertThatThrownBy(() -> SHOUT.rewrite(classes, link.resolve("not/yet/there")))
                .hasMessageContaining("the output directory is within the input");
        assertThat(classes.resolve("not")).doesNotExist();
    }

    @Test
    void emptyDirectoriesAreKeptAndLinksThatLeadNowhereAreReported() throws IOException {
        assumeLinks();
        Files.createDirectories(classes.resolve("empty/one"));
        Files.createSymbolicLink(classes.resolve("nowhere"), temp.resolve("not there"));

        RewriteReport report = SHOUT.rewrite(classes, temp.resolve("out"));

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(temp.resolve("out/empty/one")).isEmptyDirectory();
        assertThat(report.findings()).extracting(Finding::rule).containsExactly(ArchiveRule.NO_FILE);
        assertThat(report.findings().get(0).location().source()).isEqualTo("classes/nowhere");
    }

    @Test
    void commentsOfEntriesStay() throws IOException {
        // Spring Boot marks by them the archives that it has to unpack before it can use them.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String name : new String[] {"Hello.class", "lib/x.txt"}) {
                ZipEntry entry = new ZipEntry(name);
                entry.setComment("UNPACK:\u00e4 " + name);
                out.putNextEntry(entry);
                out.write(HELLO);
            }
        }
        Files.write(jar, bytes.toByteArray());

        SHOUT.rewrite(jar, temp.resolve("out.jar"));

        try (ZipFile out = new ZipFile(temp.resolve("out.jar").toFile())) {
            assertThat(out.getEntry("Hello.class").getComment()).isEqualTo("UNPACK:\u00e4 Hello.class");
            assertThat(out.getEntry("lib/x.txt").getComment()).isEqualTo("UNPACK:\u00e4 lib/x.txt");
        }
    }

    @Test
    void aStarterInFrontThatIsNoScriptIsDroppedAndReported() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("MZ starter".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(zip(entries("Hello.class", HELLO)));
        Files.write(jar, bytes.toByteArray());

        RewriteReport report = SHOUT.rewrite(jar, temp.resolve("out.jar"));

        assertThat(report.findings()).extracting(Finding::rule).containsExactly(ArchiveRule.PREAMBLE_DROPPED);
        assertThat(text(temp.resolve("out.jar"))).startsWith("PK");
    }

    @Test
    void whatAKilledRewritingLeftIsRemovedADayLater() throws IOException {
        String name = ".out.jar.00000000-0000-0000-0000-000000000000.dvm-tmp";
        Path fresh = Files.writeString(temp.resolve(name.replace("0.", "1.")), "half");
        Path old = Files.writeString(temp.resolve(name), "half");
        Path others = Files.writeString(temp.resolve(".out.jar.keep.dvm-tmp"), "somebody else's");
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        Files.setLastModifiedTime(old, yesterday);
        Files.setLastModifiedTime(others, yesterday);

        SHOUT.rewrite(jar, temp.resolve("out.jar"));

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(others).exists();
    }

    @Test
    void failuresAreSaidInTermsOfThePlaceThatWasNamed() throws IOException {
        try (Aside aside = Aside.ofFile(temp.resolve("out.jar"))) {
            FileSystemException full =
                    new FileSystemException(aside.path().toString(), null, "No space left on device");
            FileSystemException other = new FileSystemException(jar.toString(), null, "Input/output error");

            assertThat(aside.inTermsOfTarget(full))
                    .hasMessage(temp.resolve("out.jar") + ": the output can't be written: No space left on device");
            assertThat(aside.inTermsOfTarget(other)).isSameAs(other);
        }
    }
}

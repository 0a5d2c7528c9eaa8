package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.dvm.core.testing.TestFilters.replaceText;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory takes the place of another one as a whole, and what the input doesn't have stays. */
class DirectoryOutputTest {
    private static final Rewriter SHOUT = Rewriter.of(TransformPipeline.of(replaceText("hello", "HELLO")));
    private static final byte[] HELLO =
            JavaSources.compileOne("Hello.java", "class Hello { String text() { return \"hello\"; } }");

    @TempDir
    Path temp;

    private Path in;
    private Path out;

    @BeforeEach
    void makeDirectories() throws IOException {
        in = Files.createDirectory(temp.resolve("in"));
        Files.write(in.resolve("Hello.class"), HELLO);
        out = Files.createDirectory(temp.resolve("out"));
    }

    @Test
    void whatTheInputDoesNotHaveStaysWithItsTimeAndItsPlace() throws IOException {
        Files.createDirectories(out.resolve("own/empty"));
        Path stays = Files.writeString(out.resolve("own/stays.txt"), "stays");
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(stays, time);
        Files.writeString(out.resolve("Hello.class"), "old");

        assertThat(SHOUT.rewrite(in, out).outcome()).isEqualTo(Outcome.REWRITTEN);

        assertThat(out.resolve("own/empty")).isDirectory();
        assertThat(stays).hasContent("stays");
        assertThat(Files.getLastModifiedTime(stays)).isEqualTo(time);
        assertThat(Files.readAllBytes(out.resolve("Hello.class"))).asString().contains("HELLO");
        assertNothingAside();
    }

    @Test
    void filesThatAreNotRewrittenInPlaceKeepTheirTimes() throws IOException {
        Path text = Files.writeString(in.resolve("text.txt"), "text");
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(text, time);

        assertThat(SHOUT.rewrite(in, in).outcome()).isEqualTo(Outcome.REWRITTEN);

        assertThat(Files.getLastModifiedTime(text)).isEqualTo(time);
        assertThat(Files.readAllBytes(in.resolve("Hello.class"))).asString().contains("HELLO");
        assertNothingAside();
    }

    @Test
    void theOutputKeepsItsPermissionsAndLinksToIt() throws IOException {
        assumeThat(Files.getFileStore(temp).supportsFileAttributeView("posix"))
                .as("a file system with POSIX permissions")
                .isTrue();
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxr-x---"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), out);

        SHOUT.rewrite(in, link);

        assertThat(link).isSymbolicLink();
        assertThat(out.resolve("Hello.class")).exists();
        assertThat(Files.getPosixFilePermissions(out)).isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
    }

    @Test
    void aLinkToADirectoryBecomesOneOnlyWhereSomethingInItIsRewritten() throws IOException {
        assumeThat(Files.getFileStore(temp).supportsFileAttributeView("posix"))
                .as("a file system with links")
                .isTrue();
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.write(elsewhere.resolve("Hello.class"), HELLO);
        Files.writeString(elsewhere.resolve("text.txt"), "text");
        Path texts = Files.createDirectory(temp.resolve("texts"));
        Files.writeString(texts.resolve("more.txt"), "more");
        Files.createSymbolicLink(in.resolve("classes"), elsewhere);
        Files.createSymbolicLink(in.resolve("texts"), texts);

        SHOUT.rewrite(in, in);

        assertThat(in.resolve("classes/text.txt")).hasContent("text");
        assertThat(Files.readAllBytes(in.resolve("classes/Hello.class")))
                .asString()
                .contains("HELLO");
        assertThat(Files.readAllBytes(elsewhere.resolve("Hello.class"))).isEqualTo(HELLO);
        assertThat(in.resolve("texts")).isSymbolicLink();
    }

    @Test
    void whereTheNewOneCannotTakeItsPlaceTheOldOneIsRestored() throws IOException {
        Files.writeString(out.resolve("old.txt"), "old");
        try (Aside nothing = Aside.ofDirectory(out)) {
            assertThatThrownBy(nothing::commit)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can't be replaced and is as it was");
        }
        assertThat(out.resolve("old.txt")).hasContent("old");
        assertNothingAside();
    }

    private void assertNothingAside() throws IOException {
        try (var files = Files.list(temp)) {
            assertThat(files.filter(file -> file.toString().endsWith(".dvm-tmp")))
                    .isEmpty();
        }
    }
}

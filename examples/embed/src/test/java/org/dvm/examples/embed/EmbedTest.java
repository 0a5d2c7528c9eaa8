package org.dvm.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.tools.ant.BuildException;
import org.apache.tools.ant.Project;
import org.apache.tools.ant.ProjectHelper;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedTest {
    private static final String CLASS = "org/dvm/examples/embed/RewriteTask.class";

    @TempDir
    Path temp;

    @Test
    void twentyLinesRewriteAJar() throws IOException {
        Path out = temp.resolve("out.jar");
        RewriteReport report = EmbedPipeline.rewrite(jar(), out);

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(entry(out)).contains("org/dvm/runtime/");
    }

    @Test
    void antRunsTheTask() throws IOException {
        Path out = temp.resolve("out.jar");
        Path build = Files.writeString(temp.resolve("build.xml"), """
                <project default="rewrite">
                  <taskdef name="dvm" classname="org.dvm.examples.embed.RewriteTask"/>
                  <target name="rewrite">
                    <dvm in="%s" out="%s" services="profile" cache="%s"/>
                  </target>
                </project>
                """.formatted(jar(), out, temp.resolve("cache")));
        run(build);
        String first = entry(out);
        Files.delete(out);
        run(build);

        assertThat(first).contains("org/dvm/runtime/");
        assertThat(entry(out)).isEqualTo(first);
    }

    @Test
    void anUnknownServiceStopsTheBuild() throws IOException {
        Path build = Files.writeString(temp.resolve("build.xml"), """
                <project default="rewrite">
                  <taskdef name="dvm" classname="org.dvm.examples.embed.RewriteTask"/>
                  <target name="rewrite">
                    <dvm in="%s" out="x.jar" services="nonsense"/>
                  </target>
                </project>
                """.formatted(jar()));

        assertThatThrownBy(() -> run(build)).isInstanceOf(BuildException.class).hasMessageContaining("nonsense");
    }

    private static void run(Path build) {
        Project project = new Project();
        project.init();
        ProjectHelper.configureProject(project, build.toFile());
        project.executeTarget("rewrite");
    }

    private Path jar() throws IOException {
        Path jar = temp.resolve("in.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file);
                var in = RewriteTask.class.getResourceAsStream("/" + CLASS)) {
            out.putNextEntry(new ZipEntry(CLASS));
            in.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    private static String entry(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile());
                var in = zip.getInputStream(zip.getEntry(CLASS))) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

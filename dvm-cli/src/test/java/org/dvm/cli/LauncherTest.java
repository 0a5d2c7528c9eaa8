package org.dvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own that is built already, with programs that only tell what they were given. */
@Tag("once")
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    Path directory;

    private Path root;
    private Path dvm;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectories(directory.resolve("a tree"));
        dvm = Files.copy(Path.of("..", "dvm"), root.resolve("dvm"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.createDirectories(root.resolve("dvm-cli/target/dist"));
        Files.writeString(root.resolve("dvm-cli/target/dist/built"), "");
    }

    private Path javaHome(String version) throws IOException {
        Path home = directory.resolve("jdk " + version);
        script(home.resolve("bin/java"), "printf '%s\\n' \"$@\"");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome start(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void startsFromPathsWithSpacesAndThroughLinks() throws Exception {
        Path first = Files.createSymbolicLink(directory.resolve("first"), dvm);
        Path second = Files.createSymbolicLink(
                directory.resolve("second link"), Path.of(first.getFileName().toString()));

        Outcome outcome = start(second, Map.of("JAVA_HOME", javaHome("17.0.1").toString()), "rewrite", "my app.jar");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains("-Ddvm.home=" + root.toRealPath().resolve("dvm-cli/target/dist") + "\n")
                .endsWith("\norg.dvm.cli.Main\nrewrite\nmy app.jar\n");
    }

    @Test
    void oldAndMissingJavaAreNamed() throws Exception {
        Path old = javaHome("11.0.2");

        assertThat(start(dvm, Map.of("JAVA_HOME", old.toString()), "services"))
                .isEqualTo(new Outcome(
                        2, "", "dvm: Java 17 or newer is needed: " + old + "/bin/java is version 11; set JAVA_HOME\n"));
        assertThat(start(dvm, Map.of("JAVA_HOME", javaHome("1.8.0_402").toString()))
                        .err())
                .contains("is version 1;");
        assertThat(start(dvm, Map.of("JAVA_HOME", "/nonexistent")).err())
                .contains("no java found at /nonexistent/bin/java");
    }

    @Test
    void buildsOnceWhereTwoStartAtTheSameTime() throws Exception {
        Files.delete(root.resolve("dvm-cli/target/dist/built"));
        Path bin = directory.resolve("bin");
        script(
                bin.resolve("mvn"),
                "echo build >>'" + directory.resolve("builds") + "'; sleep 2; mkdir -p '"
                        + root.resolve("dvm-cli/target/dist") + "'");
        Path home = javaHome("17.0.1");
        script(
                home.resolve("bin/java"),
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"17.0.1\"' >&2; fi; echo ran");
        Map<String, String> environment =
                Map.of("JAVA_HOME", home.toString(), "PATH", bin + ":" + System.getenv("PATH"));
        List<Outcome> outcomes = new ArrayList<>();
        Thread other = new Thread(() -> {
            try {
                outcomes.add(start(dvm, environment, "services"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        Outcome outcome = start(dvm, environment, "services");
        other.join();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcomes).singleElement().extracting(Outcome::exitCode).isEqualTo(0);
        assertThat(directory.resolve("builds")).hasContent("build");
    }

    @Test
    void aBuildThatWasKilledIsNotWaitedFor() throws Exception {
        Files.delete(root.resolve("dvm-cli/target/dist/built"));
        Path building = Files.createDirectories(root.resolve("dvm-cli/target/building"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(building.resolve("pid"), gone.pid() + "\n");
        Path bin = directory.resolve("bin");
        script(bin.resolve("mvn"), "echo '[ERROR] offline'; exit 1");
        Map<String, String> environment =
                Map.of("JAVA_HOME", javaHome("17.0.1").toString(), "PATH", bin + ":" + System.getenv("PATH"));
        script(directory.resolve("jdk 17.0.1/bin/java"), "echo 'openjdk version \"17.0.1\"' >&2");

        Outcome outcome = start(dvm, environment, "services");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("[ERROR] offline", "dvm: the build failed; ");
        assertThat(building).doesNotExist();
    }
}

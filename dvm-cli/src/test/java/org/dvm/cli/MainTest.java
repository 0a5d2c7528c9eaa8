package org.dvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.cli.Outcome.dvm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    Path directory;

    /** Lays out what the launcher lays out. */
    @BeforeEach
    void home() throws Exception {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve("lib"));
        Files.copy(Path.of("..", "dvm-client", "target", "dvm-agent.jar"), home.resolve("dvm-agent.jar"));
        System.setProperty("dvm.home", home.toString());
    }

    @AfterEach
    void noHome() {
        System.clearProperty("dvm.home");
    }

    @Test
    void agentIsMadeOfTheLibrariesAndOnesOwn() throws Exception {
        Path lib = directory.resolve("home/lib");
        for (String module : List.of("dvm-cli", "dvm-client", "dvm-runtime")) {
            jar(lib.resolve(module + ".jar"), Path.of("..", module, "target", "classes"));
        }
        Path own = Files.createDirectories(directory.resolve("own/META-INF/services"));
        Files.writeString(own.resolve("org.dvm.core.pipeline.Service"), "acme.Own");
        Path agent = directory.resolve("agent.jar");

        Outcome outcome = dvm(
                "agent",
                "-o",
                agent.toString(),
                "--add",
                directory.resolve("own").toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        try (JarFile made = new JarFile(agent.toFile())) {
            assertThat(made.getManifest().getMainAttributes().getValue("Premain-Class"))
                    .isEqualTo("org.dvm.client.boot.Agent");
            assertThat(made.stream().map(JarEntry::getName))
                    .contains("org/dvm/client/boot/Agent.class", "org/dvm/runtime/ProbedMethod.class")
                    .anyMatch(name -> name.endsWith("/org/dvm/client/internal/agent/AgentEntry.class"))
                    .anyMatch(name -> name.endsWith("/META-INF/services/org.dvm.core.pipeline.Service"))
                    .noneMatch(name -> name.contains("org/dvm/cli/"));
        }
    }

    private static void jar(Path jar, Path classes) {
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        assertThat(status).isZero();
    }

    private Path application() throws Exception {
        Path classes = Files.createDirectories(directory.resolve("app/demo"));
        Path source = Files.writeString(directory.resolve("Main.java"), """
                package demo;
                public class Main {
                    public static void main(String[] args) {
                        System.out.println(String.join(" ", args));
                        System.exit(args.length);
                    }
                }
                """);
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, "-d", directory.resolve("app").toString(), source.toString());
        assertThat(status).isZero();
        assertThat(classes).isNotEmptyDirectory();
        return directory.resolve("app");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "rewrite", "run", "policy", "attach", "agent", "services", "bench"})
    void everyCommandHasHelpWithExamples(String command) {
        Outcome outcome = dvm(command, "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: dvm " + command, "Examples:", "  dvm " + command);
    }

    @Test
    void helpListsTheCommandsWithoutColoursOffATerminal() {
        assertThat(dvm("--help").out())
                .contains("rewrite", "quickstart", "Exit codes")
                .doesNotContain("\u001b");
    }

    @Test
    void badUsageEndsWithTwoAndOneCure() {
        assertThat(dvm()).isEqualTo(new Outcome(2, "", "dvm: say what to do: dvm COMMAND\nTry 'dvm --help'.\n"));
        assertThat(dvm("frobnicate").exitCode()).isEqualTo(2);
        assertThat(dvm("rewrite", "in.jar").err()).contains("--output").contains("dvm rewrite --help");
        assertThat(dvm("rewrite", "in.jar", "-o", "out.jar").err()).contains("no services asked for");
        assertThat(dvm("rewrite", "in.jar", "-o", "out.jar", "--audit", "x").err())
                .contains("audit.spec: rule 1 'x'");
        assertThat(dvm("rewrite", "nothing.jar", "-o", "out.jar", "--audit", "**"))
                .extracting(Outcome::exitCode, Outcome::err)
                .containsExactly(2, "dvm: nothing.jar: nothing to rewrite: no such file or directory\n");
        assertThat(dvm("run", "--audit", "**").err()).contains("say what to run");
        assertThat(dvm("run", "--services", "nix", "Main").err()).contains("no such service: nix");
        assertThat(dvm("run", "--services", "security", "-O", "security.mode=nix", "Main")
                        .err())
                .contains("no such mode: nix; there are enforcing and permissive");
        assertThat(dvm("run", "--services", "security", "-O", "security.record=x", "Main")
                        .err())
                .contains("say security.mode=permissive, too");
        assertThat(dvm("run", "--policy", "nothing.xml", "--record", "x", "Main")
                        .err())
                .contains("the policy can't be read", "nothing.xml");
    }

    @Test
    void rewritesADirectoryAndTellsMachines() throws Exception {
        Path out = directory.resolve("out");

        Outcome outcome =
                dvm("rewrite", application().toString(), "-o", out.toString(), "--services", "profile", "--json");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("\"outcome\" : \"REWRITTEN\"");
        assertThat(Files.readString(out.resolve("demo/Main.class"), StandardCharsets.ISO_8859_1))
                .contains("org/dvm/runtime/profile/Profile");
    }

    @Test
    void classThatFailsEndsWithOneAndNoOutput() throws Exception {
        Path application = application();
        Files.write(application.resolve("Broken.class"), new byte[] {1, 2, 3});

        Outcome outcome = dvm(
                "rewrite",
                application.toString(),
                "-o",
                directory.resolve("out").toString(),
                "--profile",
                "**");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("error: ", "Broken.class", "1 of 2 classes failed");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void listsServices() {
        assertThat(dvm("services").out()).contains("audit ", "profile ");
        assertThat(dvm("services", "--json").out()).startsWith("{\"services\":[{\"name\":\"");
    }

    @Test
    void checksExplainsAndComparesPolicies() throws Exception {
        Path broken = Files.writeString(
                directory.resolve("broken.xml"), "<policy xmlns='urn:dvm:policy:1' name='x'><nonsense/></policy>");
        Path empty = Files.writeString(
                directory.resolve("empty.xml"), "<policy xmlns='urn:dvm:policy:1' name='empty'></policy>");

        assertThat(dvm("policy", "check", empty.toString()).exitCode()).isZero();
        assertThat(dvm("policy", "check", broken.toString()))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(1))
                .satisfies(outcome -> assertThat(outcome.out()).contains("broken.xml"));
        assertThat(dvm("policy", "explain", empty.toString(), "unknown", "read", "file", "/etc/passwd"))
                .satisfies(outcome ->
                        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1))
                .satisfies(outcome -> assertThat(outcome.out()).startsWith("denied: unknown read file /etc/passwd"));
        assertThat(dvm("policy", "diff", empty.toString(), empty.toString()))
                .isEqualTo(new Outcome(0, "nothing changes\n", ""));
        assertThat(dvm("policy", "diff", empty.toString(), broken.toString()).exitCode())
                .isEqualTo(2);
        assertThat(dvm("policy", "diff", empty.toString(), "standard:no-network")
                        .exitCode())
                .isEqualTo(1);
        assertThat(dvm("policy").err()).contains("say what to do: dvm policy COMMAND");
    }

    @Test
    void recordsWhatAPolicyWouldDeny() {
        Outcome outcome = dvm(
                "run",
                "--print-command",
                "--policy",
                "standard:no-network",
                "--record",
                directory.resolve("run.record").toString(),
                "Main");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("security.mode=permissive", "security.record=" + directory.resolve("run.record"));
    }

    @Test
    void runsAnApplicationAndEndsWithItsExitCode() throws Exception {
        String java = Home.java().toString();
        List<String> classPath =
                List.of(System.getProperty("java.class.path"), application().toString());
        Process process = new ProcessBuilder(
                        java,
                        "-Ddvm.home=" + directory.resolve("home"),
                        "-cp",
                        classPath.get(0),
                        Main.class.getName(),
                        "run",
                        "--profile",
                        "demo.**",
                        "--profile-file",
                        directory.resolve("calls.txt").toString(),
                        "-cp",
                        classPath.get(1),
                        "demo.Main",
                        "--audit",
                        "b",
                        "c")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("--audit b c");
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(directory.resolve("calls.txt")).content().contains("1  demo.Main.main([Ljava/lang/String;)V");
    }

    @Test
    void applicationArgumentsBehindAJarAreTheApplications() throws Exception {
        Path jar = Files.write(directory.resolve("a.jar"), new byte[0]);

        Outcome outcome = dvm("run", "--profile", "**", "--print-command", "-jar", jar.toString(), "--help", "-o", "x");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("-jar " + jar + " --help -o x");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void thePrintedCommandWorksInAShell() throws Exception {
        Path app = application();
        Path calls = directory.resolve("calls of it.txt");

        Outcome outcome = dvm(
                "run",
                "--print-command",
                "--profile",
                "demo.Main.*; -**.<init>",
                "--profile-file",
                calls.toString(),
                "-cp",
                app.toString(),
                "demo.Main",
                "it's",
                "$HOME");
        Process shell = new ProcessBuilder("sh", "-c", outcome.out())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("it's $HOME\n");
        assertThat(shell.waitFor()).isEqualTo(2);
        assertThat(calls).content().contains("1  demo.Main.main([Ljava/lang/String;)V");
    }

    @Test
    void namesCannotDrawOnTheTerminal() throws Exception {
        assertThat(dvm("rewrite", "a\u001b[2J.jar", "-o", "b.jar", "--profile", "**")
                        .err())
                .startsWith("dvm: a?[2J.jar: nothing to rewrite: no such file or directory");
    }
}

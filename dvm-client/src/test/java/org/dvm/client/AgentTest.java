package org.dvm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.dvm.client.app.ConcurrentLoading;
import org.dvm.client.app.EverySort;
import org.dvm.client.app.RuntimeClasses;
import org.dvm.client.app.Waiting;
import org.dvm.testkit.ForkedJvm;
import org.dvm.testkit.ForkedJvm.Outcome;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real JVMs, of the version that runs the tests, under the agent as it is shipped. */
class AgentTest {
    private static final Path AGENT = Path.of(System.getProperty("dvm.agent"));
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    /** The application's class path: this module's tests and nothing of DVM. */
    private static List<Path> classPath() {
        return List.of(ForkedJvm.classesOf(AgentTest.class));
    }

    private Outcome run(Class<?> main, String agentOptions, String... jvmOptions) {
        return ForkedJvm.of(Jdks.current(), classPath(), main.getName())
                .withOptions("-javaagent:" + AGENT + "=" + agentOptions)
                .withOptions(jvmOptions)
                .run(directory, TIMEOUT);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file));
    }

    private String text(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    @Test
    void auditsEverySortOfMethodOfAClassPathApplication() throws IOException {
        Outcome outcome = run(
                EverySort.class,
                "services=audit,audit.spec=org.dvm.client.app.**,dvm.audit.file=audit.jsonl,report=report.jsonl");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo(EverySort.OUTPUT);
        assertThat(lines("audit.jsonl"))
                .anyMatch(line -> line.contains("\"kind\":\"enter\"") && line.contains("\"method\":\"main\""))
                .anyMatch(line -> line.contains("\"kind\":\"exit\"") && line.contains("\"method\":\"<init>\""))
                .anyMatch(line -> line.contains("\"method\":\"lambda$"))
                .anyMatch(line -> line.contains("\"method\":\"defaultMethod\""))
                .anyMatch(line -> line.contains("\"method\":\"<clinit>\""))
                .anyMatch(line -> line.contains("\"kind\":\"throw\"")
                        && line.contains("\"exception\":\"java.lang.IllegalStateException\""));
        assertThat(text("report.jsonl"))
                .contains("\"class\":\"org.dvm.client.app.EverySort\",\"loader\":\"app\",\"outcome\":\"transformed\"")
                .contains("\"hiddenNotSeen\":");
    }

    @Test
    void entriesAndExitsBalance() throws IOException {
        run(EverySort.class, "services=audit,audit.spec=org.dvm.client.app.**,dvm.audit.file=audit.jsonl");

        List<String> lines = lines("audit.jsonl");
        long entered = lines.stream()
                .filter(line -> line.contains("\"kind\":\"enter\""))
                .count();
        long left = lines.stream()
                .filter(line -> line.contains("\"kind\":\"exit\"") || line.contains("\"kind\":\"throw\""))
                .count();
        assertThat(entered).isEqualTo(left).isPositive();
    }

    @Test
    void countsCallsExactly() throws IOException {
        Outcome outcome =
                run(EverySort.class, "services=profile,profile.spec=**.fibonacci(int),dvm.profile.file=calls.txt");

        assertThat(outcome.out()).isEqualTo(EverySort.OUTPUT);
        assertThat(text("calls.txt")).isEqualTo("            177  org.dvm.client.app.EverySort.fibonacci(I)I\n");
    }

    @Test
    void theApplicationSeesNothingButTheRuntime() {
        Outcome outcome = run(EverySort.class, "services=profile,dvm.profile.file=none");

        assertThat(outcome.out()).contains("core visible: false").contains("libraries visible: false");
    }

    @Test
    void classesDefinedAtRunTimeAreTransformed() throws IOException {
        Outcome outcome = run(
                RuntimeClasses.class,
                "services=audit,profile,audit.spec=**$Defined.*,dvm.audit.file=audit.jsonl,dvm.profile.file=calls.txt");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualToIgnoringNewLines("42 42");
        assertThat(text("audit.jsonl"))
                .contains("\"class\":\"org.dvm.client.app.RuntimeClasses$Defined\"")
                .contains("\"method\":\"answer\"");
        assertThat(text("calls.txt")).contains("2  org.dvm.client.app.RuntimeClasses$Defined.answer()I");
    }

    @Test
    void manyThreadsLoadClassesAtOnce() throws IOException {
        Outcome outcome =
                run(ConcurrentLoading.class, "services=audit,profile,dvm.audit.file=none,dvm.profile.file=calls.txt");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualToIgnoringNewLines(ConcurrentLoading.OUTPUT);
        assertThat(text("calls.txt"))
                .contains(ConcurrentLoading.CALLS + "  org.dvm.client.app.ConcurrentLoading$Worker.call()");
    }

    @Test
    void modularApplicationsRunUnderIt() throws IOException {
        Path sources = directory.resolve("src");
        Files.createDirectories(sources.resolve("acme"));
        Files.writeString(sources.resolve("module-info.java"), "module acme { }");
        Files.writeString(sources.resolve("acme/Main.java"), """
                package acme;
                public class Main {
                    record Point(int x, int y) {}
                    public static void main(String[] args) {
                        System.out.println(new Point(1, 2) + " " + Main.class.getModule());
                    }
                }
                """);
        compile("mods/acme", sources.resolve("module-info.java"), sources.resolve("acme/Main.java"));

        Outcome outcome = ForkedJvm.of(Jdks.current(), List.of(), "acme/acme.Main")
                .withOptions(
                        "-javaagent:" + AGENT
                                + "=services=audit,profile,dvm.audit.file=audit.jsonl,dvm.profile.file=calls.txt",
                        "-p",
                        "mods",
                        "-m")
                .run(directory, TIMEOUT);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualToIgnoringNewLines("Point[x=1, y=2] module acme");
        assertThat(text("audit.jsonl")).contains("\"class\":\"acme.Main\",\"method\":\"main\"");
        assertThat(text("calls.txt")).contains("1  acme.Main$Point.toString()");
    }

    private void compile(String output, Path... sources) {
        List<String> arguments =
                new ArrayList<>(List.of("-d", directory.resolve(output).toString()));
        for (Path source : sources) {
            arguments.add(source.toString());
        }
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(new String[0]));
        assertThat(status).isZero();
    }

    @Test
    void attachedItTransformsLoadedClassesAndLaterOnes() throws Exception {
        Process process = waitingJvm();
        try (BufferedReader out = reader(process);
                PrintWriter in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            attach(
                    process,
                    "services=profile,dvm.profile.file=" + directory.resolve("calls.txt") + ",report="
                            + directory.resolve("report.jsonl"));
            in.println("go");
            assertThat(out.readLine()).isEqualTo("later 1");
            in.println("again");
            in.println("end");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }

        assertThat(text("calls.txt"))
                .contains("2  org.dvm.client.app.Waiting.step()")
                .contains("2  org.dvm.client.app.Waiting$Later.<init>()");
        assertThat(text("report.jsonl")).contains("\"class\":\"org.dvm.client.app.Waiting\"");
    }

    @Test
    void attachingWithWrongOptionsLeavesTheApplicationAlone() throws Exception {
        Process process = waitingJvm();
        try (BufferedReader out = reader(process);
                PrintWriter in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            assertThatThrownBy(() -> attach(process, "services=nonsense"))
                    .isInstanceOf(AgentInitializationException.class);
            attach(process, "services=profile,dvm.profile.file=" + directory.resolve("calls.txt"));
            in.println("go");
            assertThat(out.readLine()).isEqualTo("later 1");
            in.println("again");
            in.println("end");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(text("calls.txt")).contains("2  org.dvm.client.app.Waiting.step()");
    }

    @Test
    void attachedAgainItReplacesItsServicesAndCanBeTakenOut() throws Exception {
        Process process = waitingJvm();
        try (BufferedReader out = reader(process);
                PrintWriter in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            String audit = "services=audit,dvm.audit.file=" + directory.resolve("audit.jsonl");
            assertThat(attachWithOutcome(process, audit)).startsWith("ok classes that were loaded: ");
            assertThat(attachWithOutcome(
                            process, "services=profile,dvm.profile.file=" + directory.resolve("calls.txt")))
                    .startsWith("ok ");
            in.println("go");
            assertThat(out.readLine()).isEqualTo("later 1");
            assertThat(attachWithOutcome(process, "services=none")).startsWith("ok ");
            in.println("again");
            assertThat(out.readLine()).isEqualTo("later 1");
            in.println("end");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }

        assertThat(text("calls.txt"))
                .contains("1  org.dvm.client.app.Waiting.step()")
                .doesNotContain("org.dvm.core");
        assertThat(directory.resolve("audit.jsonl")).doesNotExist();
    }

    @Test
    void whyItCouldNotAttachIsInTheOutcomeAndNothingIsThrown() throws Exception {
        Process process = waitingJvm();
        try (BufferedReader out = reader(process);
                PrintWriter in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            assertThat(attachWithOutcome(process, "services=nonsense"))
                    .startsWith("failed no such service: nonsense; there are [");
            assertThat(attachWithOutcome(process, "services=profile,report=" + directory.resolve("no/such/report")))
                    .isEqualTo("failed " + directory.resolve("no/such/report") + ": no such file or directory");
            in.println("go");
            in.println("again");
            in.println("end");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private String attachWithOutcome(Process process, String options) throws Exception {
        Path outcome = directory.resolve("outcome");
        attach(process, "outcome=" + outcome + "," + options);
        return Files.readString(outcome);
    }

    @Test
    void whatAJvmWasStartedWithStays() throws Exception {
        Process process = waitingJvm("-javaagent:" + AGENT + "=services=profile,dvm.profile.file=none");
        try (BufferedReader out = reader(process);
                PrintWriter in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("ready");
            assertThat(attachWithOutcome(process, "services=none"))
                    .isEqualTo("failed this JVM was started under the agent: its services stay as they are");
            in.println("go");
            in.println("again");
            in.println("end");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void twoOfItAreRefusedInOneLine() {
        Outcome outcome = run(EverySort.class, "services=profile", "-javaagent:" + AGENT + "=services=audit");

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "dvm: the agent can't start: it is there twice: name all services in one -javaagent,"
                                + " services=NAME,NAME\n"));
    }

    private Process waitingJvm(String... options) throws IOException {
        return new ProcessBuilder(ForkedJvm.of(Jdks.current(), classPath(), Waiting.class.getName())
                        .withOptions("-XX:+EnableDynamicAgentLoading")
                        .withOptions(options)
                        .command())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void attach(Process process, String options) throws Exception {
        VirtualMachine vm = VirtualMachine.attach(Long.toString(process.pid()));
        try {
            vm.loadAgent(AGENT.toString(), options);
        } finally {
            vm.detach();
        }
    }

    @Test
    void classThatTheFormatCheckRefusesDoesNotRun() throws IOException {
        // A second agent stands for a hostile producer: nothing checks that HotSpot would not do itself, so that the
        // test needs a class which only the check refuses: one with bytes after its end is refused by both.
        Files.write(
                directory.resolve("Broken.class"),
                new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 52});

        Outcome outcome = ForkedJvm.of(Jdks.current(), List.of(directory), "Broken")
                .withOptions("-javaagent:" + AGENT + "=services=profile,dvm.profile.file=none")
                .run(directory, TIMEOUT);

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).contains("dvm: refused");
    }

    @Test
    void wrongOptionsEndTheJvmWithOneLine() {
        assertThat(run(EverySort.class, "services=audti"))
                .isEqualTo(new Outcome(
                        2, "", "dvm: the agent can't start: no such service: audti; there are " + services() + "\n"));
        assertThat(run(EverySort.class, "").err()).contains("no services asked for");
        assertThat(run(EverySort.class, "services=audit,colour=red").err()).contains("no such option: colour");
        assertThat(run(EverySort.class, "services=audit,audit.spec=x").err()).contains("audit.spec: rule 1 'x'");
    }

    private String services() {
        String message = run(EverySort.class, "").err();
        return message.substring(message.indexOf('['), message.indexOf(']') + 1);
    }

    @Test
    void renamedAndMovedAgentWorks() throws IOException {
        Path renamed = directory.resolve("an agent, renamed.jar");
        Files.copy(AGENT, renamed);

        Outcome outcome = ForkedJvm.of(Jdks.current(), classPath(), EverySort.class.getName())
                .withOptions("-javaagent:" + renamed + "=services=profile,dvm.profile.file=calls.txt")
                .run(directory, TIMEOUT);

        assertThat(outcome.out()).endsWith(EverySort.OUTPUT);
        assertThat(text("calls.txt")).contains("177  org.dvm.client.app.EverySort.fibonacci(I)I");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksBesideJaCoCoInEitherOrder(boolean first) throws IOException {
        String own = "-javaagent:" + AGENT
                + "=services=profile,profile.spec=**.fibonacci(int),dvm.profile.file=calls.txt,report=report.jsonl";
        String jacoco = "-javaagent:" + System.getProperty("dvm.jacoco") + "=destfile=jacoco.exec";
        Outcome outcome = ForkedJvm.of(Jdks.current(), classPath(), EverySort.class.getName())
                .withOptions(first ? own : jacoco, first ? jacoco : own)
                .run(directory, TIMEOUT);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo(EverySort.OUTPUT);
        assertThat(text("calls.txt")).contains("177  org.dvm.client.app.EverySort.fibonacci(I)I");
        assertThat(text("report.jsonl")).contains("\"refused\":0");
        assertThat(Files.readAllBytes(directory.resolve("jacoco.exec")))
                .asString(StandardCharsets.ISO_8859_1)
                .contains("org/dvm/client/app/EverySort");
    }

    @Test
    void worksBesideAnotherAgent() throws IOException {
        Outcome outcome = run(
                EverySort.class,
                "services=profile,dvm.profile.file=calls.txt",
                "-javaagent:" + OtherAgent.jar(directory.resolve("other.jar")));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("other agent saw ").endsWith(EverySort.OUTPUT);
        assertThat(text("calls.txt")).contains("177  org.dvm.client.app.EverySort.fibonacci(I)I");
    }
}

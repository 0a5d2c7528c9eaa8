package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs an application under the agent. */
@Command(
        name = "run",
        description = {
            "Runs an application under the agent: its classes are rewritten as they are loaded.",
            "Options stand before -jar, -m or the main class; what follows is the application's.",
        },
        customSynopsis = "dvm run [OPTIONS] (-jar JAR | -m MODULE[/CLASS] | [-cp CP] MAIN) [ARGS...]",
        footer = {
            "  dvm run --profile 'com.acme.**' -jar app.jar --port 80",
            "  dvm run --audit 'com.acme.**.save*' --audit-file events.jsonl -cp 'classes:lib/*' com.acme.Main",
            "  dvm run --policy policy.xml --report agent.jsonl --jvm-option -Xmx1g -p mods -m app/com.acme.Main",
        })
final class RunCommand extends Subcommand {
    @Mixin
    private AgentOptions agent = new AgentOptions();

    @Option(names = "--java", paramLabel = "HOME", description = "Java installation to run it; this one unless given.")
    private @Nullable Path javaHome;

    @Option(names = "--jvm-option", paramLabel = "OPTION", description = "An option for the JVM; may be repeated.")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(
            names = {"-cp", "--class-path", "--classpath"},
            paramLabel = "CP",
            description = "The application's class path.")
    private @Nullable String classPath;

    @Option(
            names = {"-p", "--module-path"},
            paramLabel = "MP",
            description = "The application's module path.")
    private @Nullable String modulePath;

    @Option(names = "-jar", paramLabel = "JAR", description = "Run this jar.")
    private @Nullable Path jar;

    @Option(
            names = {"-m", "--module"},
            paramLabel = "MODULE",
            description = "Run this module.")
    private @Nullable String module;

    @Option(names = "--print-command", description = "Print the java command rather than run it.")
    private boolean printCommand;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((jar == null ? 0 : 1) + (module == null ? 0 : 1) > 1
                || jar == null && module == null && arguments.isEmpty()) {
            throw new BadInputException("say what to run: -jar JAR, -m MODULE, or a main class");
        }
        if (jar != null && !Files.isRegularFile(jar)) {
            throw new BadInputException(jar + ": no such jar");
        }
        if (printCommand) {
            List<String> command = command(agent.inline());
            console().print(command.stream().map(RunCommand::quoted).collect(Collectors.joining(" ")));
            return ExitCode.FINE;
        }
        List<String> command = command(agent.write(Home.temporaryDirectory("dvm-run")));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
        return process.waitFor();
    }

    /** Returns a word as a shell takes it. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private List<String> command(String agentOptions) {
        if (Home.agentJar().toString().contains("=")) {
            throw new BadInputException(
                    Home.agentJar() + ": java takes what follows the = for options; move dvm to a path without one");
        }
        List<String> command = new ArrayList<>();
        Path home = javaHome;
        command.add((home == null ? Home.java() : Home.javaOf(home)).toString());
        command.add("-javaagent:" + Home.agentJar() + "=" + agentOptions);
        command.addAll(jvmOptions);
        add(command, "-cp", classPath);
        add(command, "-p", modulePath);
        add(command, "-jar", jar);
        add(command, "-m", module);
        command.addAll(arguments);
        return command;
    }

    private static void add(List<String> command, String option, @Nullable Object value) {
        if (value != null) {
            command.add(option);
            command.add(value.toString());
        }
    }

    /** Passes on that the user ended the command; the application ends in its own way. */
    private static void end(Process process) {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

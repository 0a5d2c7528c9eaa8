package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dvm.client.AgentJar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the agent's jar. */
@Command(
        name = "agent",
        description = {
            "Writes the agent as one jar, for -javaagent where there is no dvm command.",
            "Services of your own come in with --add.",
        },
        footer = {
            "  dvm agent -o dvm-agent.jar",
            "  dvm agent -o acme-agent.jar --add acme-service.jar",
            "  java -javaagent:dvm-agent.jar=services=audit,audit.spec=com.acme.** -jar app.jar",
        })
final class AgentCommand extends Subcommand {
    private static final Set<String> OF_THE_COMMAND_ONLY =
            Set.of("dvm-cli.jar", "picocli.jar", "dvm-nodeos.jar", "jna-jpms.jar");

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The jar to write.")
    private Path output = Path.of("");

    @Option(
            names = "--add",
            paramLabel = "JAR",
            description = "A jar or directory with services, or what they need; may be repeated.")
    private List<Path> more = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<Path> classPath = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Home.directory().resolve("lib"))) {
            jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .filter(jar -> !isOfTheCommandOnly(jar.getFileName().toString()))
                    .sorted()
                    .forEach(classPath::add);
        }
        for (Path added : more) {
            if (!Files.exists(added)) {
                throw new BadInputException(added + ": no such jar or directory");
            }
            classPath.add(added);
        }
        AgentJar.assemble(output, classPath);
        console().print(output + ": " + Files.size(output) / 1024 + " KB");
        return ExitCode.FINE;
    }

    private static boolean isOfTheCommandOnly(String jar) {
        return OF_THE_COMMAND_ONLY.contains(jar);
    }
}

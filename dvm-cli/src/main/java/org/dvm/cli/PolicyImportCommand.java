package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dvm.security.engine.PolicyTexts;
import org.dvm.security.tool.JavaPolicyImporter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports policies of the Security Manager. */
@Command(
        name = "import",
        description = {
            "Makes a policy of a java.policy file; what can't be said is told on standard error.",
            "Exit code 1 if something could not be said.",
        },
        footer = {"  dvm policy import java.policy -o policy.xml"})
final class PolicyImportCommand extends Subcommand {
    @Parameters(paramLabel = "FILE", description = "A java.policy file.")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the policy goes; standard output unless given.")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        JavaPolicyImporter.Result result = JavaPolicyImporter.importPolicy(Files.readString(file), file.toString());
        result.warnings().forEach(console()::say);
        PolicyCommand.write(PolicyTexts.xml(result.policy(), List.of()), output, console());
        return result.warnings().isEmpty() ? ExitCode.FINE : ExitCode.FINDINGS;
    }
}

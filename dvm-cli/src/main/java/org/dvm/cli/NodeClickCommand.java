package org.dvm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dvm.nodeos.click.ElementRegistry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a Click configuration. */
@Command(
        name = "click",
        description = {
            "Runs a Click configuration on this machine's interfaces and shows its counters. Ctrl-C ends it.",
        },
        footer = {
            "  dvm node click router.click",
            "  dvm node click router.click --check          only say what is wrong with it",
            "  dvm node click router.click --seconds 10 --json",
            "  dvm node click --elements"
        })
final class NodeClickCommand extends Subcommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The configuration.")
    private @Nullable Path file;

    @Option(names = "--check", description = "Parse the configuration, expand its compounds, and stop.")
    private boolean check;

    @Option(names = "--elements", description = "List the element classes.")
    private boolean elements;

    @Mixin
    private NodeRun run = new NodeRun();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (elements) {
            ElementRegistry.names().forEach(console()::print);
            return ExitCode.FINE;
        }
        Path file = this.file;
        if (file == null) {
            throw new BadInputException("name the file of the configuration: dvm node click FILE");
        }
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(file + ": there is no such file");
        }
        String configuration = Files.readString(file);
        return check
                ? run.check(console(), file.toString(), configuration)
                : run.run(console(), file.toString(), configuration);
    }
}

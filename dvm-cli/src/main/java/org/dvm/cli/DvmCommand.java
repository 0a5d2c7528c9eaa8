package org.dvm.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command itself: shows what there is. */
@Command(
        name = "dvm",
        description = "Verifies, polices, audits and meters JVM code, before it runs and while it runs.",
        synopsisHeading = "Usage: ",
        synopsisSubcommandLabel = "COMMAND",
        descriptionHeading = "%n",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dvm quickstart                                   the main job on real programs",
            "  dvm verify app.jar",
            "  dvm rewrite app.jar -o audited.jar --audit 'com.acme.**'",
            "  dvm run --profile 'com.acme.**' -jar app.jar",
            "",
            "Exit codes: 0 fine, 1 findings or denials, 2 bad usage or input; of run, the application's own."
        },
        versionProvider = DvmCommand.Version.class,
        subcommands = {
            QuickstartCommand.class,
            VerifyCommand.class,
            RewriteCommand.class,
            RunCommand.class,
            PolicyCommand.class,
            AttachCommand.class,
            AgentCommand.class,
            ServicesCommand.class,
            NodeCommand.class,
            BenchCommand.class,
        })
final class DvmCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: dvm COMMAND");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = DvmCommand.class.getPackage().getImplementationVersion();
            return new String[] {"dvm " + (version == null ? "(not packaged)" : version)};
        }
    }
}

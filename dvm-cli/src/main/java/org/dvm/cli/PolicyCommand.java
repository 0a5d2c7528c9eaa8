package org.dvm.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.dvm.security.policy.Policy;
import org.dvm.security.policy.PolicyException;
import org.dvm.security.policy.PolicyReader;
import org.dvm.security.policy.StandardPolicies;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Works with security policies; each task is a subcommand. */
@Command(
        name = "policy",
        description = "Checks, explains, learns, compares and imports security policies.",
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "  dvm policy check policy.xml",
            "  dvm policy explain policy.xml plugin read file /etc/passwd",
            "  dvm policy diff before.xml after.xml",
        },
        subcommands = {
            PolicyCheckCommand.class,
            PolicyExplainCommand.class,
            PolicyLearnCommand.class,
            PolicyDiffCommand.class,
            PolicyImportCommand.class,
        })
final class PolicyCommand extends Subcommand {
    private static final String STANDARD = "standard:";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: dvm policy COMMAND");
    }

    /**
     * Reads a policy: a file, or {@code standard:NAME}.
     *
     * @throws BadInputException if the policy is wrong, with all that is wrong in it
     */
    static Policy read(String source) throws IOException {
        try {
            return source.startsWith(STANDARD)
                    ? StandardPolicies.load(source.substring(STANDARD.length()))
                    : PolicyReader.read(Path.of(source));
        } catch (PolicyException e) {
            throw new BadInputException(e.getMessage() == null ? source : e.getMessage());
        }
    }

    /** Writes a policy's text beside its place and moves it there, or prints it. */
    static void write(String text, @Nullable Path file, Console console) throws IOException {
        if (file == null) {
            console.print(text.stripTrailing());
            return;
        }
        Path target = file.toAbsolutePath();
        // A name of its own: nobody can have put a link in its place, nor a second command write into it.
        Path aside = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".tmp");
        try {
            Files.writeString(aside, text, StandardCharsets.UTF_8);
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
        console.say(file + ": written");
    }
}

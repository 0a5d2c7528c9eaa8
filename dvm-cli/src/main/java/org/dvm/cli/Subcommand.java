package org.dvm.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all subcommands have in common. A subcommand is one class, named in {@link DvmCommand}. */
@Command(
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        sortOptions = false)
abstract class Subcommand implements Callable<Integer> {
    private @Nullable Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    void use(Console given) {
        console = given;
    }

    Console console() {
        Console given = console;
        if (given == null) {
            throw new IllegalStateException("a subcommand is made by CommandFactory: " + getClass());
        }
        return given;
    }
}

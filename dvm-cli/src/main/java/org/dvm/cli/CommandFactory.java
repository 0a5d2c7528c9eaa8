package org.dvm.cli;

import picocli.CommandLine;

/** Makes subcommands, and gives them the console. */
final class CommandFactory implements CommandLine.IFactory {
    private final Console console;

    CommandFactory(Console console) {
        this.console = console;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        K made = CommandLine.defaultFactory().create(type);
        if (made instanceof Subcommand subcommand) {
            subcommand.use(console);
        }
        return made;
    }
}

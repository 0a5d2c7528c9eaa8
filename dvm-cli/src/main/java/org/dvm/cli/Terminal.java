package org.dvm.cli;

/**
 * Whether a person reads along.
 *
 * @param outIsTerminal whether standard output goes to a terminal that shows colours
 * @param errIsTerminal whether standard error goes to a terminal, for progress
 */
record Terminal(boolean outIsTerminal, boolean errIsTerminal) {
    /** No terminal: a pipe, a file, a test. */
    static final Terminal NONE = new Terminal(false, false);

    /** Asks the launcher, for Java can't tell which of its streams goes to a terminal. */
    static Terminal ofProcess() {
        boolean plain = System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"));
        return new Terminal(
                Boolean.getBoolean("dvm.cli.outIsTerminal") && !plain, Boolean.getBoolean("dvm.cli.errIsTerminal"));
    }
}

package org.dvm.cli;

/** The exit codes of every command. */
final class ExitCode {
    /** All is well. */
    static final int FINE = 0;

    /** The command did its work and found or denied something. */
    static final int FINDINGS = 1;

    /** The command could not do its work: bad usage or input. */
    static final int BAD_INPUT = 2;

    private ExitCode() {}
}

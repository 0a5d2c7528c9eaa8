package org.dvm.core.jar;

/** What becomes of an archive or directory in which a class, or an archive within, fails. */
public enum OnFailure {
    /** The rest is processed so that all findings are told, but no output is made. */
    NO_OUTPUT,
    /** The failed class or archive is left out of the output, with its findings and one that says so. */
    LEAVE_OUT
}

package org.dvm.core.edit;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/** The limits that edits of a class can meet. */
public enum EditRule implements Rule {
    /** Code has at most 65,535 bytes, and so many stack entries, variables and exception handlers. */
    METHOD_TOO_LARGE("4.7.3"),
    /** A conditional branch reaches 32 KB, and no place for an island was found on its way. */
    BRANCH_TOO_FAR("6.5.if_cond"),
    /** A class has at most 65,534 constants, and 65,535 members of a kind. */
    CLASS_TOO_LARGE("4.1"),
    /** What the edit needs is newer than the class file's version. */
    VERSION_TOO_OLD("4.1"),
    /** The method's code or one of its tables is malformed, so that it can't be edited. */
    MALFORMED_CODE("4.9.1"),
    /** {@code this} is asked for where the method has overwritten it, or before a constructor has initialized it. */
    THIS_NOT_AVAILABLE("4.9.2"),
    /** Filters ask for things that exclude each other. */
    CONFLICT("4.1"),
    /** A filter's edits of a method were left out, as the filter allows. */
    LEFT_OUT("4.7.3");

    private final String section;

    EditRule(String section) {
        this.section = section;
    }

    @Override
    public String section() {
        return "JVMS " + section;
    }

    @Override
    public Severity severity() {
        return this == LEFT_OUT ? Severity.WARNING : Severity.ERROR;
    }

    @Override
    public LinkError error() {
        return LinkError.NONE;
    }
}

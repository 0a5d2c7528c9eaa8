package org.dvm.security;

import org.dvm.core.finding.LinkError;
import org.dvm.core.finding.Rule;
import org.dvm.core.finding.Severity;

/** What the security filter refuses. */
public enum SecurityRule implements Rule {
    /** Restricted code names a class that only inserted code may call. */
    RESERVED_CLASS,
    /** The policy names an operation in a class where no check can be inserted for it. */
    UNGUARDED_OPERATION;

    @Override
    public String section() {
        return "DVM 3.2";
    }

    @Override
    public Severity severity() {
        return Severity.ERROR;
    }

    @Override
    public LinkError error() {
        return LinkError.ILLEGAL_ACCESS;
    }
}

package org.dvm.runtime.security;

/** Thrown instead of an operation that the policy doesn't allow. The operation has had no effect. */
public final class AccessDeniedException extends SecurityException {
    private static final long serialVersionUID = 1L;

    /** Whether an exception records where it was thrown. */
    enum Trace {
        FULL,
        /** Nothing, so that a storm of denials stays cheap. */
        NONE
    }

    /** The denied access; not serialized, since names of resources may be confidential elsewhere. */
    private final transient @org.jspecify.annotations.Nullable Denial denial;

    AccessDeniedException(Denial denial, Trace trace) {
        this.denial = denial;
        if (trace == Trace.FULL) {
            super.fillInStackTrace();
        }
    }

    /** Returns what was denied; null in an exception that was deserialized. */
    public @org.jspecify.annotations.Nullable Denial denial() {
        return denial;
    }

    @Override
    public String getMessage() {
        return denial == null ? "access denied" : denial.toString();
    }

    /** Does nothing: the constructor decides about the stack trace. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

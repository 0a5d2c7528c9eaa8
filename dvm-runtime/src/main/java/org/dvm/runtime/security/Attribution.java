package org.dvm.runtime.security;

/** Whose authority decides when the subject of the thread alone would be denied. */
public enum Attribution {
    /**
     * The immediate caller's: JDK code that calls the operation for purposes of its own acts with its own authority.
     * Right for operations that the JDK uses everywhere inside and whose public ways in are guarded themselves.
     */
    IMMEDIATE,
    /**
     * That of all callers back to where the thread was started: JDK code acts for its caller, except in its class
     * initializers, in its own privileged sections and in the sections that the operation set endorses.
     */
    STACK
}

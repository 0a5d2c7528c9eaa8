package org.dvm.runtime.security;

/**
 * Who receives the security events. It is called from a thread of the enforcement manager's own, never from the
 * thread that was denied, so that it may block; what it throws is counted and otherwise ignored.
 */
public interface AuditSink {
    /**
     * Receives a denial.
     *
     * @param denial what was denied
     * @param suppressed how many denials by the same rule weren't reported since the last one that was
     */
    void denied(Denial denial, long suppressed);

    /**
     * Receives an access that policy would deny and that a permissive run let through. Called once for each distinct
     * access.
     */
    void permitted(Denial denial);
}

package org.dvm.jmh.security;

import org.dvm.runtime.security.AuditSink;
import org.dvm.runtime.security.Denial;

/** Hears of denials and does nothing. */
final class Silence implements AuditSink {
    @Override
    public void denied(Denial denial, long suppressed) {
        // nobody asked
    }

    @Override
    public void permitted(Denial denial) {
        // nobody asked
    }
}

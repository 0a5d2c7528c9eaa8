package org.dvm.monitor;

import java.util.Locale;

/** The events at a method's boundaries. */
public enum AuditEvent {
    /** The method was entered; a constructor before its call of {@code super()} or {@code this()}. */
    ENTER,
    /** The method returns. */
    EXIT,
    /** An exception leaves the method, thrown in it or passing through. */
    THROW;

    /** Returns the name in rules and in audit files, such as {@code enter}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.dvm.verifier.internal;

import org.dvm.verifier.TypeRule;

/** Says that a method breaks a rule: what unwinds the verifier, cheap because it carries no stack trace. */
final class MethodFault extends Exception {
    private static final long serialVersionUID = 1;

    private static final int NO_TYPE = -1;

    private final TypeRule rule;
    private final int expected;
    private final int found;

    private MethodFault(TypeRule rule, String message, int expected, int found) {
        super(message, null, false, false);
        this.rule = rule;
        this.expected = expected;
        this.found = found;
    }

    static MethodFault of(TypeRule rule, String message) {
        return new MethodFault(rule, message, NO_TYPE, NO_TYPE);
    }

    /** Returns a fault about a value of another type than needed. */
    static MethodFault ofTypes(TypeRule rule, String message, int expected, int found) {
        return new MethodFault(rule, message, expected, found);
    }

    TypeRule rule() {
        return rule;
    }

    boolean hasTypes() {
        return found != NO_TYPE;
    }

    int expected() {
        return expected;
    }

    int found() {
        return found;
    }
}

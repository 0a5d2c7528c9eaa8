package org.dvm.core.finding;

import static java.util.Objects.requireNonNull;

/**
 * One breach of a rule.
 *
 * @param rule the rule broken
 * @param location where
 * @param message what is wrong and, where it helps, what to do; one line, without the location
 */
public record Finding(Rule rule, Location location, String message) {
    /** Checks that nothing is null. */
    public Finding {
        requireNonNull(rule, "rule");
        requireNonNull(location, "location");
        requireNonNull(message, "message");
    }

    /** Returns this finding inside the given jar, directory or entry. */
    public Finding in(String source) {
        return new Finding(rule, location.in(source), message);
    }

    /** Returns the finding in one line: {@code CODE at class.member bci=n: message [JVMS 4.x]}. */
    @Override
    public String toString() {
        return rule.name() + " at " + location + ": " + message + " [" + rule.section() + "]";
    }
}

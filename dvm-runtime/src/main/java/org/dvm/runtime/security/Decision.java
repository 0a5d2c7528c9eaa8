package org.dvm.runtime.security;

import static java.util.Objects.requireNonNull;

/**
 * An answer of a {@link DecisionSource}: whether an access is allowed, by which rule, at which policy epoch.
 *
 * @param allowed whether the access may happen
 * @param scope what else the answer holds for
 * @param rule the rule that decided, readable, such as {@code allow plugin -> own-files (policy.xml:12)}
 * @param epoch the epoch of the policy that decided
 */
public record Decision(boolean allowed, Scope scope, String rule, long epoch) {
    /** Which resources a decision holds for. */
    public enum Scope {
        /** The one resource that was asked for. */
        THIS_RESOURCE,
        /** Every resource, so that the answer is uniform for subject and permission. */
        EVERY_RESOURCE
    }

    /** Checks that a rule is named. */
    public Decision {
        requireNonNull(scope, "scope");
        requireNonNull(rule, "rule");
    }
}

package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

/**
 * A reference that is known to fail if its instruction is executed: the world has another class, field or method than the
 * one needed, or none.
 *
 * @param assumption what the instruction takes for granted
 * @param fault where, and what is wrong with it
 */
public record FailingReference(Assumption assumption, Fault fault) {
    /** Checks that nothing is null. */
    public FailingReference {
        requireNonNull(assumption, "assumption");
        requireNonNull(fault, "fault");
    }
}

package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

import org.dvm.core.finding.Location;

/**
 * An assumption left for link time, and where the class first relies on it.
 *
 * @param assumption what must hold
 * @param location the class, the method or the instruction, as the assumption's scope is
 */
public record Deferred(Assumption assumption, Location location) {
    /** Checks that nothing is null. */
    public Deferred {
        requireNonNull(assumption, "assumption");
        requireNonNull(location, "location");
    }
}

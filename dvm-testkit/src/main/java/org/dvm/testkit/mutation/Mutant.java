package org.dvm.testkit.mutation;

import java.util.List;

/**
 * A class file with something changed.
 *
 * @param kinds what was done to it, in order
 * @param seed the number that makes the same mutant of the same class again
 * @param bytes the class file
 */
public record Mutant(List<MutationKind> kinds, long seed, byte[] bytes) {
    /** Copies the list. */
    public Mutant {
        kinds = List.copyOf(kinds);
    }
}

package org.dvm.verifier;

import static java.util.Objects.requireNonNull;

/**
 * The verdict on one class of a run.
 *
 * @param source the jar, directory or module, and the entry in it
 * @param lengthBytes size of the class file
 * @param verdict what was found
 */
public record ClassResult(String source, int lengthBytes, Verdict verdict) {
    /** Checks that nothing is null. */
    public ClassResult {
        requireNonNull(source, "source");
        requireNonNull(verdict, "verdict");
    }

    /** Returns the class's internal name, or the source where the class doesn't tell. */
    public String name() {
        String className = verdict.className();
        return className == null ? source : className;
    }
}

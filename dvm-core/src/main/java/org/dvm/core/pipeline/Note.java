package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

/**
 * One line of the audit trail: what a filter did to a class.
 *
 * @param filter the filter's name; of filters with the same name the second is {@code name#2}, and so on
 * @param what what it did
 */
public record Note(String filter, String what) {
    /** Checks that nothing is null. */
    public Note {
        requireNonNull(filter, "filter");
        requireNonNull(what, "what");
    }

    @Override
    public String toString() {
        return filter + ": " + what;
    }
}

package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

/**
 * What one filter asks for in a class, and what happens to it where it doesn't fit.
 *
 * @param filter the filter's name, for findings
 * @param edits its edits, not shared with other filters
 * @param overflow what happens where the edits exceed a limit
 */
public record FilterEdits(String filter, ClassEdits edits, Overflow overflow) {
    /** What happens to edits that exceed a limit of the class file format. */
    public enum Overflow {
        /** The class isn't written: right for what protects. */
        FAIL,
        /** The filter's edits of that method are left out, with a finding: right for what only observes. */
        LEAVE_OUT
    }

    /** Checks that nothing is null. */
    public FilterEdits {
        requireNonNull(filter, "filter");
        requireNonNull(edits, "edits");
        requireNonNull(overflow, "overflow");
    }
}

package org.dvm.core.finding;

import org.jspecify.annotations.Nullable;

/**
 * Where a finding is.
 *
 * @param source the jar, directory or entry that holds the class; null where unknown
 * @param className the class's internal name; null where not even that could be read
 * @param member the field or method as name and descriptor ({@code push(I)V}); null for the class as a whole
 * @param bci the index of the instruction in the method's code; -1 where none is meant
 * @param offset the offset in the class file in bytes; -1 where none is meant
 */
public record Location(
        @Nullable String source,
        @Nullable String className,
        @Nullable String member,
        int bci,
        int offset) {
    /** Returns the location of a whole class. */
    public static Location ofClass(@Nullable String className) {
        return new Location(null, className, null, -1, -1);
    }

    /** Returns the location of a byte in a class file. */
    public static Location ofOffset(@Nullable String className, int offset) {
        return new Location(null, className, null, -1, offset);
    }

    /** Returns the location of an instruction, or of a whole member with {@code bci} -1. */
    public static Location ofCode(@Nullable String className, String member, int bci) {
        return new Location(null, className, member, bci, -1);
    }

    /** Returns this location inside the given jar, directory or entry. */
    public Location in(@Nullable String source) {
        return new Location(source, className, member, bci, offset);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (source != null) {
            text.append(source).append(className == null ? "" : ": ");
        }
        if (className != null || source == null) {
            text.append(className == null ? "(unnamed class)" : className);
        }
        if (member != null) {
            text.append('.').append(member);
        }
        if (bci >= 0) {
            text.append(" bci=").append(bci);
        }
        if (offset >= 0) {
            text.append(" offset=").append(offset);
        }
        return text.toString();
    }
}

package org.dvm.security.policy;

import static java.util.Objects.requireNonNull;

/**
 * A place in the text of a policy.
 *
 * @param source the file, or another name of the text
 * @param line from 1; 0 where it isn't known
 * @param column from 1; 0 where it isn't known
 */
public record Position(String source, int line, int column) {
    /** Of what was not read from a text. */
    public static final Position NONE = new Position("", 0, 0);

    /** Checks the source. */
    public Position {
        requireNonNull(source, "source");
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}

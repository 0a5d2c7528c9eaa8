package org.dvm.core.classfile;

import java.util.HashMap;
import java.util.Map;

/**
 * Numbers the texts of Utf8 constants, so that constants with equal texts have equal numbers.
 *
 * <p>Java's maps keep strings apart in logarithmic time even where all hash alike.
 */
final class TextIds {
    private final RawClass raw;
    private final Map<String, Integer> ids = new HashMap<>();

    TextIds(RawClass raw) {
        this.raw = raw;
    }

    /** Returns the number of a text: its first constant's index of all that were asked for. */
    int of(int utf8) {
        Integer first = ids.putIfAbsent(raw.utf8(utf8), utf8);
        return first == null ? utf8 : first;
    }

    /** Returns the number of the text that names a class. */
    int ofClass(int classConstant) {
        return of(raw.u2(raw.constantOffset(classConstant) + 1));
    }
}

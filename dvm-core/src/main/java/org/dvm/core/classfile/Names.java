package org.dvm.core.classfile;

/**
 * Names and descriptors on raw bytes.
 *
 * <p>All methods take the bytes of a Utf8 constant that are known to be legal modified UTF-8. Since version 49 a name may
 * contain nearly every character; before, it was a Java identifier by {@link Character}'s rules.
 *
 * @jvms 4.2
 * @jvms 4.3
 */
final class Names {
    static final int NO_DESCRIPTOR = -1;

    static final int FIRST_MAJOR_WITH_FREE_NAMES = 49;
    private static final int MAX_DIMENSIONS = 255;
    private static final int MAX_COUNTED_SLOTS = 511;

    /** What a byte means in a name: nothing, or one of the following. */
    private static final byte[] KINDS = kinds();

    private static final int RESERVED = 1;
    private static final int SLASH = 2;
    private static final int ANGLE = 4;

    private Names() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        kinds['.'] = RESERVED;
        kinds[';'] = RESERVED;
        kinds['['] = RESERVED;
        kinds['/'] = SLASH;
        kinds['<'] = ANGLE;
        kinds['>'] = ANGLE;
        return kinds;
    }

    static boolean isFieldName(byte[] bytes, int offset, int end, int majorVersion) {
        return majorVersion < FIRST_MAJOR_WITH_FREE_NAMES
                ? LegacyNames.isIdentifier(bytes, offset, end)
                : isWithout(RESERVED | SLASH, bytes, offset, end);
    }

    /** Returns whether a name is a method's, special names included. */
    static boolean isMethodName(byte[] bytes, int offset, int end, int majorVersion) {
        if (offset < end && bytes[offset] == '<') {
            return isInitializer(bytes, offset, end) || isClassInitializer(bytes, offset, end);
        }
        return majorVersion < FIRST_MAJOR_WITH_FREE_NAMES
                ? LegacyNames.isIdentifier(bytes, offset, end)
                : isWithout(RESERVED | SLASH | ANGLE, bytes, offset, end);
    }

    private static boolean isWithout(int forbidden, byte[] bytes, int offset, int end) {
        int found = 0;
        for (int i = offset; i < end; i++) {
            found |= KINDS[bytes[i] & 0xff];
        }
        return offset < end && (found & forbidden) == 0;
    }

    static boolean isInitializer(byte[] bytes, int offset, int end) {
        return end - offset == 6
                && bytes[offset] == '<'
                && bytes[offset + 1] == 'i'
                && bytes[offset + 2] == 'n'
                && bytes[offset + 3] == 'i'
                && bytes[offset + 4] == 't'
                && bytes[offset + 5] == '>';
    }

    static boolean isClassInitializer(byte[] bytes, int offset, int end) {
        return end - offset == 8
                && bytes[offset] == '<'
                && bytes[offset + 1] == 'c'
                && bytes[offset + 2] == 'l'
                && bytes[offset + 3] == 'i'
                && bytes[offset + 4] == 'n'
                && bytes[offset + 5] == 'i'
                && bytes[offset + 6] == 't'
                && bytes[offset + 7] == '>';
    }

    /** Returns whether a Class constant's text names a class or is an array type's descriptor. */
    static boolean isClassName(byte[] bytes, int offset, int end, int majorVersion) {
        if (offset == end) {
            return false;
        }
        if (bytes[offset] == '[') {
            return typeEnd(bytes, offset, end, majorVersion) == end;
        }
        return majorVersion < FIRST_MAJOR_WITH_FREE_NAMES
                ? LegacyNames.nameEnd(bytes, offset, end, LegacyNames.Slashes.ALLOWED) == end
                : isPath(bytes, offset, end);
    }

    /** Returns whether there are names between slashes. */
    private static boolean isPath(byte[] bytes, int offset, int end) {
        int afterSlash = offset;
        for (int at = offset; at < end; at++) {
            int kind = KINDS[bytes[at] & 0xff];
            if ((kind & (SLASH | RESERVED)) != 0) {
                if (kind == RESERVED || at == afterSlash) {
                    return false;
                }
                afterSlash = at + 1;
            }
        }
        return afterSlash < end;
    }

    static boolean isFieldDescriptor(byte[] bytes, int offset, int end, int majorVersion) {
        return typeEnd(bytes, offset, end, majorVersion) == end;
    }

    /** Returns how many slots the arguments of a method descriptor take, {@link #NO_DESCRIPTOR} if it is none. */
    static int argumentSlots(byte[] bytes, int offset, int end, int majorVersion) {
        if (offset == end || bytes[offset] != '(') {
            return NO_DESCRIPTOR;
        }
        int at = offset + 1;
        int slots = 0;
        while (at < end && bytes[at] != ')') {
            slots += bytes[at] == 'J' || bytes[at] == 'D' ? 2 : 1;
            at = typeEnd(bytes, at, end, majorVersion);
            if (at < 0) {
                return NO_DESCRIPTOR;
            }
        }
        if (at >= end) {
            return NO_DESCRIPTOR;
        }
        at++;
        boolean complete = at + 1 == end && bytes[at] == 'V' || typeEnd(bytes, at, end, majorVersion) == end;
        return complete ? Math.min(slots, MAX_COUNTED_SLOTS) : NO_DESCRIPTOR;
    }

    /** Returns the offset after the type that starts there, -1 if none does. */
    private static int typeEnd(byte[] bytes, int offset, int end, int majorVersion) {
        int at = offset;
        while (at < end && bytes[at] == '[') {
            at++;
        }
        if (at == end || at - offset > MAX_DIMENSIONS) {
            return -1;
        }
        switch (bytes[at]) {
            case 'B':
            case 'C':
            case 'D':
            case 'F':
            case 'I':
            case 'J':
            case 'S':
            case 'Z':
                return at + 1;
            case 'L':
                return majorVersion < FIRST_MAJOR_WITH_FREE_NAMES
                        ? LegacyNames.classTypeEnd(bytes, at + 1, end)
                        : classTypeEnd(bytes, at + 1, end);
            default:
                return -1;
        }
    }

    /** Returns the offset after the semicolon that ends a class type, -1 if the name before it is none. */
    private static int classTypeEnd(byte[] bytes, int offset, int end) {
        int afterSlash = offset;
        for (int at = offset; at < end; at++) {
            int kind = KINDS[bytes[at] & 0xff];
            if ((kind & (SLASH | RESERVED)) != 0) {
                if (at == afterSlash || kind == RESERVED && bytes[at] != ';') {
                    return -1;
                }
                if (kind == RESERVED) {
                    return at + 1;
                }
                afterSlash = at + 1;
            }
        }
        return -1;
    }
}

package org.dvm.core.classfile;

/**
 * Names in class files before version 49: Java identifiers as {@link Character} of the running JVM knows them.
 *
 * <p>HotSpot lets a slash stand at the start of a class name of these versions, and a digit after one; so do we.
 */
final class LegacyNames {
    /** Whether a name may have parts between slashes. */
    enum Slashes {
        ALLOWED,
        FORBIDDEN
    }

    private LegacyNames() {}

    static boolean isIdentifier(byte[] bytes, int offset, int end) {
        return offset < end && nameEnd(bytes, offset, end, Slashes.FORBIDDEN) == end;
    }

    /** Returns the offset after the semicolon that ends a class type, -1 if the name before it is none. */
    static int classTypeEnd(byte[] bytes, int offset, int end) {
        int at = nameEnd(bytes, offset, end, Slashes.ALLOWED);
        return at >= 0 && at < end && bytes[at] == ';' ? at + 1 : -1;
    }

    /** Returns the offset after the longest name that starts there, -1 if there is none. */
    static int nameEnd(byte[] bytes, int offset, int end, Slashes slashes) {
        int at = offset;
        boolean afterSlash = false;
        while (at < end) {
            int length = 1;
            boolean legal;
            if (bytes[at] == '/') {
                if (slashes == Slashes.ALLOWED && afterSlash) {
                    return -1;
                }
                legal = slashes == Slashes.ALLOWED;
                afterSlash = true;
            } else {
                int character = ModifiedUtf8.codePoint(bytes, at, end);
                length = ModifiedUtf8.codePointLength(bytes, at, end);
                legal = length == 1 ? isLegalAscii(character, at == offset) : isLegal(character, at == offset);
                afterSlash = legal ? false : afterSlash;
            }
            if (!legal) {
                return at == offset ? -1 : at;
            }
            at += length;
        }
        return at == offset || afterSlash ? -1 : at;
    }

    private static boolean isLegalAscii(int character, boolean first) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character == '_'
                || character == '$'
                || !first && character >= '0' && character <= '9';
    }

    /** What takes several bytes is asked of Character, even if it is an ASCII character in disguise. */
    private static boolean isLegal(int character, boolean first) {
        return first ? Character.isJavaIdentifierStart(character) : Character.isJavaIdentifierPart(character);
    }
}

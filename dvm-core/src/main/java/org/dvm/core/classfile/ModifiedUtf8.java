package org.dvm.core.classfile;

/**
 * The encoding of strings in class files.
 *
 * @jvms 4.4.7
 */
final class ModifiedUtf8 {
    private static final int LAST_MAJOR_WITH_OVERLONG = 47;

    private ModifiedUtf8() {}

    /** Returns the text of {@code length} bytes at {@code offset}; what is malformed becomes U+FFFD. */
    @SuppressWarnings(
            "deprecation") // String(byte[], int, int, int) is the one conversion of Latin-1 without a charset look-up
    static String decode(byte[] bytes, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (bytes[i] < 0) {
                return decodeSlow(bytes, offset, end);
            }
        }
        return new String(bytes, 0, offset, length);
    }

    private static String decodeSlow(byte[] bytes, int offset, int end) {
        StringBuilder text = new StringBuilder(end - offset);
        int i = offset;
        while (i < end) {
            int b = bytes[i] & 0xff;
            if (b < 0x80) {
                text.append((char) b);
                i++;
            } else if ((b & 0xe0) == 0xc0 && i + 1 < end && (bytes[i + 1] & 0xc0) == 0x80) {
                text.append((char) ((b & 0x1f) << 6 | bytes[i + 1] & 0x3f));
                i += 2;
            } else if ((b & 0xf0) == 0xe0
                    && i + 2 < end
                    && (bytes[i + 1] & 0xc0) == 0x80
                    && (bytes[i + 2] & 0xc0) == 0x80) {
                text.append((char) ((b & 0x0f) << 12 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
                i += 3;
            } else {
                text.append('\ufffd');
                i++;
            }
        }
        return text.toString();
    }

    /** Returns whether all bytes are from 1 to 127. */
    static boolean isAscii(byte[] bytes, int offset, int end) {
        return Words.isAscii(bytes, offset, end);
    }

    /**
     * Returns whether the bytes are legal.
     *
     * @param majorVersion the class file's version: up to 47 a character may take more bytes than it needs
     */
    static boolean isLegal(byte[] bytes, int offset, int end, int majorVersion) {
        int i = offset;
        while (i < end) {
            int b = bytes[i] & 0xff;
            if (b == 0) {
                return false;
            }
            int length = b < 0x80 ? 1 : b >> 5 == 0b110 ? 2 : b >> 4 == 0b1110 ? 3 : 0;
            if (length == 0 || i + length > end) {
                return false;
            }
            for (int k = 1; k < length; k++) {
                if ((bytes[i + k] & 0xc0) != 0x80) {
                    return false;
                }
            }
            if (length > 1 && majorVersion > LAST_MAJOR_WITH_OVERLONG && isOverlong(bytes, i, length)) {
                return false;
            }
            i += length;
        }
        return true;
    }

    private static boolean isOverlong(byte[] bytes, int offset, int length) {
        if (length == 2) {
            int character = (bytes[offset] & 0x1f) << 6 | bytes[offset + 1] & 0x3f;
            return character != 0 && character < 0x80;
        }
        return (bytes[offset] & 0x0f) == 0 && (bytes[offset + 1] & 0x20) == 0;
    }

    /** Returns the character that starts there; two surrogates of three bytes each make one. The bytes are legal. */
    static int codePoint(byte[] bytes, int offset, int end) {
        char first = character(bytes, offset);
        if (codePointLength(bytes, offset, end) == 6) {
            return Character.toCodePoint(first, character(bytes, offset + 3));
        }
        return first;
    }

    /** Returns how many bytes the character that starts there takes: 1 to 3, or 6. */
    static int codePointLength(byte[] bytes, int offset, int end) {
        int b = bytes[offset] & 0xff;
        if (b < 0x80) {
            return 1;
        }
        if (b >> 5 == 0b110) {
            return 2;
        }
        boolean pair = offset + 6 <= end
                && (bytes[offset + 3] & 0xf0) == 0xe0
                && Character.isSurrogatePair(character(bytes, offset), character(bytes, offset + 3));
        return pair ? 6 : 3;
    }

    private static char character(byte[] bytes, int offset) {
        int b = bytes[offset] & 0xff;
        if (b < 0x80) {
            return (char) b;
        }
        if (b >> 5 == 0b110) {
            return (char) ((b & 0x1f) << 6 | bytes[offset + 1] & 0x3f);
        }
        return (char) ((b & 0x0f) << 12 | (bytes[offset + 1] & 0x3f) << 6 | bytes[offset + 2] & 0x3f);
    }
}

package org.dvm.core.classfile;

/**
 * The encoding of strings in class files.
 *
 * @jvms 4.4.7
 */
final class ModifiedUtf8 {
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
}

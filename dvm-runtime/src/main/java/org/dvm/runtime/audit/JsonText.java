package org.dvm.runtime.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing buffer of UTF-8 text with JSON's escapes. <b>Threads:</b> one. */
final class JsonText {
    private byte[] bytes;
    private int length;

    JsonText(int initialCapacity) {
        bytes = new byte[initialCapacity];
    }

    int length() {
        return length;
    }

    byte[] array() {
        return bytes;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void clear() {
        length = 0;
    }

    /** Appends ASCII text as it is. */
    JsonText raw(String ascii) {
        int count = ascii.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) ascii.charAt(i);
        }
        length += count;
        return this;
    }

    JsonText raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    JsonText number(long value) {
        return raw(Long.toString(value));
    }

    /** Appends a number with leading zeros. */
    JsonText digits(int value, int count) {
        reserve(count);
        int rest = value;
        for (int i = count - 1; i >= 0; i--) {
            bytes[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    /** Appends a string in quotes; an unpaired surrogate becomes U+FFFD. */
    JsonText string(String text) {
        raw("\"");
        int count = text.length();
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                reserve(2);
                bytes[length++] = '\\';
                bytes[length++] = (byte) c;
            } else if (c < 0x20 || c == 0x7f) {
                raw("\\u00").raw(Character.toString(Character.forDigit(c >> 4, 16)));
                raw(Character.toString(Character.forDigit(c & 15, 16)));
            } else if (c < 0x80) {
                reserve(1);
                bytes[length++] = (byte) c;
            } else {
                i += nonAscii(text, i) - 1;
            }
        }
        return raw("\"");
    }

    private int nonAscii(String text, int index) {
        int codePoint = text.codePointAt(index);
        boolean unpaired = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        raw(Character.toString(unpaired ? 0xFFFD : codePoint).getBytes(StandardCharsets.UTF_8));
        return Character.charCount(codePoint);
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}

package org.dvm.runtime.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Growing buffer of JSON in UTF-8: objects and arrays with their commas, and pieces of text as they are.
 *
 * <p><b>Threads:</b> one.
 */
public final class JsonText {
    private byte[] bytes;
    private int length;
    private boolean comma;

    /** Makes an empty text. */
    public JsonText() {
        this(256);
    }

    /** Makes an empty text with room for that many bytes before it grows. */
    public JsonText(int initialCapacity) {
        bytes = new byte[initialCapacity];
    }

    /** Opens an object, as a value. */
    public JsonText beginObject() {
        separate().raw("{");
        comma = false;
        return this;
    }

    /** Opens an object, as a member. */
    public JsonText beginObject(String name) {
        return name(name).beginObject();
    }

    /** Closes the innermost object. */
    public JsonText endObject() {
        raw("}");
        comma = true;
        return this;
    }

    /** Opens an array, as a value. */
    public JsonText beginArray() {
        separate().raw("[");
        comma = false;
        return this;
    }

    /** Opens an array, as a member. */
    public JsonText beginArray(String name) {
        return name(name).beginArray();
    }

    /** Closes the innermost array. */
    public JsonText endArray() {
        raw("]");
        comma = true;
        return this;
    }

    /** Adds a member. */
    public JsonText field(String name, String value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonText field(String name, long value) {
        return name(name).value(value);
    }

    /** Adds a member. */
    public JsonText field(String name, boolean value) {
        name(name).raw(value ? "true" : "false");
        comma = true;
        return this;
    }

    /** Adds an array of strings as a member. */
    public JsonText field(String name, Iterable<String> values) {
        beginArray(name);
        values.forEach(this::value);
        return endArray();
    }

    /** Adds a value to an array. */
    public JsonText value(String value) {
        separate().string(value);
        comma = true;
        return this;
    }

    /** Adds a value to an array. */
    public JsonText value(long value) {
        separate().number(value);
        comma = true;
        return this;
    }

    private JsonText name(String name) {
        separate().string(name).raw(":");
        comma = false;
        return this;
    }

    private JsonText separate() {
        return comma ? raw(",") : this;
    }

    /** Ends a line; what follows stands for itself. */
    public JsonText endLine() {
        comma = false;
        return raw("\n");
    }

    /** Appends ASCII text as it is. */
    public JsonText raw(String ascii) {
        int count = ascii.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) ascii.charAt(i);
        }
        length += count;
        return this;
    }

    /** Appends UTF-8 text as it is. */
    public JsonText raw(byte[] text) {
        return raw(text, text.length);
    }

    private JsonText raw(byte[] text, int count) {
        reserve(count);
        System.arraycopy(text, 0, bytes, length, count);
        length += count;
        return this;
    }

    /** Appends another text as it is. */
    public JsonText raw(JsonText text) {
        return raw(text.bytes, text.length);
    }

    /** Appends a number. */
    public JsonText number(long value) {
        return raw(Long.toString(value));
    }

    /** Appends the last digits of a number that isn't negative, with leading zeros. */
    public JsonText digits(int value, int count) {
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
    public JsonText string(String text) {
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

    /** Returns the number of bytes. */
    public int length() {
        return length;
    }

    /** Returns the buffer itself, of which the first {@link #length} bytes count. */
    public byte[] array() {
        return bytes;
    }

    /** Returns a copy of the bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Empties the text. */
    public void clear() {
        length = 0;
        comma = false;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

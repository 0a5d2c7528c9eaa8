package org.dvm.core.edit;

import java.util.Arrays;

/** A growing array of bytes, big-endian, reused from class to class. */
final class Output {
    /** Buffers above this size are not kept for the next class. */
    private static final int KEPT = 1 << 20;

    private byte[] bytes = new byte[8192];
    private int size;

    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    void reset() {
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[8192];
        }
    }

    /** Sets the size: smaller, or with what was written into {@link #array()}. */
    void setSize(int newSize) {
        size = newSize;
    }

    /** Makes room for so many bytes more, to be written into {@link #array()}. */
    void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }

    void u1(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    void u2(int value) {
        ensure(2);
        int at = size;
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
        size = at + 2;
    }

    void u1u2(int first, int second) {
        ensure(3);
        int at = size;
        bytes[at] = (byte) first;
        bytes[at + 1] = (byte) (second >> 8);
        bytes[at + 2] = (byte) second;
        size = at + 3;
    }

    void u4(int value) {
        ensure(4);
        int at = size;
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
        size = at + 4;
    }

    void put(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    void setU2(int at, int value) {
        Bytecode.setU2(bytes, at, value);
    }

    void setU4(int at, int value) {
        Bytecode.setU4(bytes, at, value);
    }

    /** Appends a string's length in bytes and its modified UTF-8 form. */
    void utf8(String text) {
        int length = text.length();
        ensure(2 + 3 * length);
        int start = size;
        int at = start + 2;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 1 && c <= 0x7f) {
                bytes[at++] = (byte) c;
            } else if (c <= 0x7ff) {
                bytes[at++] = (byte) (0xc0 | c >> 6);
                bytes[at++] = (byte) (0x80 | c & 0x3f);
            } else {
                bytes[at++] = (byte) (0xe0 | c >> 12);
                bytes[at++] = (byte) (0x80 | c >> 6 & 0x3f);
                bytes[at++] = (byte) (0x80 | c & 0x3f);
            }
        }
        setU2(start, at - start - 2);
        size = at;
    }
}

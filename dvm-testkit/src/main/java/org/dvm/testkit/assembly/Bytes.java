package org.dvm.testkit.assembly;

import java.util.Arrays;

/** Big-endian bytes, appended in the notation of the JVM specification. */
public final class Bytes {
    private byte[] bytes = new byte[64];
    private int length;

    private Bytes() {}

    /** Returns an empty sequence. */
    public static Bytes of() {
        return new Bytes();
    }

    /** Appends unsigned bytes. */
    public Bytes u1(int... values) {
        for (int value : values) {
            reserve(1);
            bytes[length++] = (byte) value;
        }
        return this;
    }

    /** Appends unsigned 16-bit values. */
    public Bytes u2(int... values) {
        for (int value : values) {
            u1(value >>> 8, value);
        }
        return this;
    }

    /** Appends 32-bit values. */
    public Bytes u4(int... values) {
        for (int value : values) {
            u2(value >>> 16, value);
        }
        return this;
    }

    /** Appends a 64-bit value. */
    public Bytes u8(long value) {
        return u4((int) (value >>> 32), (int) value);
    }

    /** Appends bytes. */
    public Bytes raw(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /** Returns how many bytes there are. */
    public int length() {
        return length;
    }

    /** Returns a copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}

package org.dvm.runtime.verify;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads big-endian numbers and names from bytes; what lies outside of them throws IndexOutOfBoundsException. */
final class ByteReader {
    private final byte[] bytes;
    private int at;

    ByteReader(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    int at() {
        return at;
    }

    void skip(int count) {
        if (count < 0 || count > bytes.length - at) {
            throw new IndexOutOfBoundsException(count);
        }
        at += count;
    }

    int u1() {
        return bytes[at++] & 0xff;
    }

    int u2() {
        return u1() << 8 | u1();
    }

    int u4() {
        return u2() << 16 | u2();
    }

    /** Reads modified UTF-8 behind its length in two bytes. */
    String utf8() {
        int start = at;
        int length = u2();
        skip(length);
        for (int i = start + 2; i < at; i++) {
            if (bytes[i] <= 0) {
                return decode(start, length + 2);
            }
        }
        return new String(bytes, start + 2, length, StandardCharsets.US_ASCII);
    }

    private String decode(int start, int length) {
        try {
            return new DataInputStream(new ByteArrayInputStream(bytes, start, length)).readUTF();
        } catch (IOException e) {
            throw new IndexOutOfBoundsException("malformed name at " + start + ": " + e.getMessage());
        }
    }
}

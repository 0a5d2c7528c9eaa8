package org.dvm.core.classfile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Says yes, eight bytes at a time, to texts that are clearly well-formed: ASCII names and descriptors of class files since
 * version 49. A text that it declines may be right all the same: {@link Names} knows.
 *
 * <p>Words are big-endian, the start of a text in the high bytes. Tests mark a byte by its highest bit:
 *
 * <pre>
 *  word | word - ONES                          0, and all above 127
 *  (word ^ c * ONES) - ONES                    c, in a word of ASCII
 *  HIGH_BITS - (word & ~HIGH_BITS ^ c * ONES)  c and c + 128, and nothing else
 * </pre>
 *
 * The first two borrow from the byte above, so next to a byte rightly marked they may mark another; that can turn a yes
 * into a doubt, never a doubt into a yes. Words may reach beyond the text: what they hold of it is masked out. In every
 * class file eight bytes stand before the end of a text and eight behind it.
 *
 * @jvms 4.2
 * @jvms 4.3
 */
final class Words {
    static final int DOUBT = -1;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private static final int MAX_DIMENSIONS = 255;
    private static final int MAX_COUNTED_SLOTS = 511;

    /** The letters of primitive types, as bits counted from A. */
    private static final int PRIMITIVES =
            bit('B') | bit('C') | bit('D') | bit('F') | bit('I') | bit('J') | bit('S') | bit('Z');

    private Words() {}

    private static int bit(char letter) {
        return 1 << letter - 'A';
    }

    /** Returns the eight bytes at that offset. */
    static long at(byte[] bytes, int offset) {
        return (long) WORDS.get(bytes, offset);
    }

    /** Returns whether all bytes are from 1 to 127. */
    static boolean isAscii(byte[] bytes, int offset, int end) {
        int last = end - Long.BYTES;
        long marks = 0;
        for (int at = offset; at < last; at += Long.BYTES) {
            long word = at(bytes, at);
            marks |= word | word - ONES;
        }
        long word = at(bytes, last);
        marks |= (word | word - ONES) & maskOfEnd(end - offset);
        return (marks & HIGH_BITS) == 0;
    }

    /** Returns whether it is ASCII without any of {@code . ; [ / < >}: the name of a field and of a method. */
    static boolean isName(byte[] bytes, int offset, int end) {
        int last = end - Long.BYTES;
        long marks = 0;
        for (int at = offset; at < last; at += Long.BYTES) {
            marks |= notOfNames(at(bytes, at));
        }
        marks |= notOfNames(at(bytes, last)) & maskOfEnd(end - offset);
        return (marks & HIGH_BITS) == 0 && offset < end;
    }

    /** Marks what is no ASCII, {@code . / < = > ? ; [}, and some that nobody uses. */
    private static long notOfNames(long word) {
        return word
                | word - ONES
                | (word ^ '.' * ONES) - 2 * ONES
                | (word ^ '<' * ONES) - 4 * ONES
                | (word & 0x1f * ONES ^ 0x1b * ONES) - ONES;
    }

    private static long maskOfEnd(int length) {
        return length >= Long.BYTES ? -1L : (1L << Byte.SIZE * length) - 1;
    }

    /** Returns whether it is ASCII names between slashes. */
    static boolean isPath(byte[] bytes, int offset, int end) {
        return pathEnd(bytes, offset, end) == end;
    }

    /** Returns whether it is a field's descriptor. */
    static boolean isFieldDescriptor(byte[] bytes, int offset, int end) {
        return typeEnd(bytes, offset, end) == end;
    }

    /** Returns how many slots the arguments of a method descriptor take; {@link #DOUBT} if it may be none. */
    static int argumentSlots(byte[] bytes, int offset, int end) {
        if (offset == end || bytes[offset] != '(') {
            return DOUBT;
        }
        int at = offset + 1;
        int slots = 0;
        while (at < end && bytes[at] != ')') {
            slots += bytes[at] == 'J' || bytes[at] == 'D' ? 2 : 1;
            at = typeEnd(bytes, at, end);
            if (at < 0) {
                return DOUBT;
            }
        }
        at++; // the closing parenthesis
        boolean complete = at + 1 == end && bytes[at] == 'V' || typeEnd(bytes, at, end) == end;
        return complete ? Math.min(slots, MAX_COUNTED_SLOTS) : DOUBT;
    }

    /** Returns the offset after the type that starts there; {@link #DOUBT} if it may be none. */
    private static int typeEnd(byte[] bytes, int offset, int end) {
        int at = offset;
        while (at < end && bytes[at] == '[') {
            at++;
        }
        if (at >= end || at - offset > MAX_DIMENSIONS) {
            return DOUBT;
        }
        int letter = bytes[at] - 'A';
        if (letter == 'L' - 'A') {
            int semicolon = pathEnd(bytes, at + 1, end);
            return semicolon < end && semicolon > at && bytes[semicolon] == ';' ? semicolon + 1 : DOUBT;
        }
        return letter >= 0 && letter < Integer.SIZE && (PRIMITIVES >>> letter & 1) != 0 ? at + 1 : DOUBT;
    }

    /**
     * Returns the offset of the first {@code .}, {@code ;} or {@code [}, or else the end, if ASCII names between slashes
     * stand before it; otherwise {@link #DOUBT}.
     */
    private static int pathEnd(byte[] bytes, int offset, int end) {
        long afterSlash = Long.MIN_VALUE; // as if one stood before the first byte: no slash may follow
        long marks = 0;
        for (int at = offset; ; at += Long.BYTES) {
            long word = at(bytes, at);
            long ascii = word & ~HIGH_BITS;
            long stops =
                    (HIGH_BITS - (ascii & 0x1f * ONES ^ 0x1b * ONES) | HIGH_BITS - (ascii ^ '.' * ONES)) & HIGH_BITS;
            if (end - at < Long.BYTES) {
                stops |= Long.MIN_VALUE >>> Byte.SIZE * (end - at);
            }
            long slashes = HIGH_BITS - (ascii ^ '/' * ONES) & HIGH_BITS;
            afterSlash |= slashes >>> Byte.SIZE;
            if (stops == 0) {
                marks |= word | word - ONES | slashes & afterSlash;
                afterSlash = slashes << Long.SIZE - Byte.SIZE;
            } else {
                int before = Long.numberOfLeadingZeros(stops); // in bits
                long throughStop = -1L << Long.SIZE - Byte.SIZE - before;
                marks |= (word | word - ONES) & throughStop << Byte.SIZE | (slashes | stops) & afterSlash & throughStop;
                return (marks & HIGH_BITS) == 0 ? at + before / Byte.SIZE : DOUBT;
            }
        }
    }
}

package org.dvm.nodeos.internal.linux.bpf;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One instruction of the machine, and how a reader would write it.
 *
 * <pre>
 *   0       8      12      16              32                              64
 *   +-------+-------+-------+---------------+-------------------------------+
 *   | code  |  dst  |  src  |  offset (s16) |        immediate (s32)        |
 *   +-------+-------+-------+---------------+-------------------------------+
 * </pre>
 *
 * A 64-bit constant takes two of them, the second with code 0 and the high half.
 *
 * @param code operation
 * @param destination register number
 * @param source register number, or a pseudo source of a 64-bit load
 * @param offset memory offset, or jump distance
 * @param immediate constant
 * @param target label that the offset is to be computed from, or null
 * @param text readable form; empty for the second half of a 64-bit load
 */
record Instruction(
        int code,
        int destination,
        int source,
        int offset,
        int immediate,
        @Nullable String target,
        String text) {
    static final int BYTES = 8;

    /** Tells whether this is the second half of a 64-bit load. */
    boolean isSecondHalf() {
        return code == 0;
    }

    Instruction withOffset(int resolved) {
        return new Instruction(code, destination, source, resolved, immediate, target, text);
    }

    void writeTo(ByteBuffer out, int at) {
        out.put(at, (byte) code);
        out.put(at + 1, (byte) (source << 4 | destination));
        out.putShort(at + 2, (short) offset);
        out.putInt(at + 4, immediate);
    }
}

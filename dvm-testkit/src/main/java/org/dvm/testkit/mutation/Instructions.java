package org.dvm.testkit.mutation;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;

/**
 * The instructions of one method.
 *
 * @jvms 6.5
 */
public final class Instructions {
    /** The length of each instruction in bytes; 0 where it varies or the opcode is undefined. */
    private static final int[] LENGTHS = new int[256];

    static final int LOOKUP_SWITCH = 171;
    static final int TABLE_SWITCH = 170;
    static final int WIDE = 196;

    static {
        java.util.Arrays.fill(LENGTHS, 0, 202, 1);
        set(2, 16, 18, 21, 22, 23, 24, 25, 54, 55, 56, 57, 58, 169, 188);
        set(3, 17, 19, 20, 132, 187, 189, 192, 193, 198, 199);
        for (int opcode = 153; opcode <= 168; opcode++) {
            LENGTHS[opcode] = 3;
        }
        for (int opcode = 178; opcode <= 184; opcode++) {
            LENGTHS[opcode] = 3;
        }
        set(5, 185, 186, 200, 201);
        set(4, 197);
        set(0, TABLE_SWITCH, LOOKUP_SWITCH, WIDE);
    }

    private static void set(int length, int... opcodes) {
        for (int opcode : opcodes) {
            LENGTHS[opcode] = length;
        }
    }

    /** Offsets in the class file, not in the code. */
    final int[] offsets;

    final int start;
    final int end;

    private Instructions(int[] offsets, int start, int end) {
        this.offsets = offsets;
        this.start = start;
        this.end = end;
    }

    /** Returns where the instructions of a method with code start, as offsets in the class file. */
    public static int[] offsetsOf(RawClass raw, Member method) {
        return of(raw, method).offsets;
    }

    static int lengthOf(int opcode) {
        return LENGTHS[opcode];
    }

    static Instructions of(RawClass raw, Member method) {
        int start = raw.codeStart(method);
        int end = start + raw.codeLength(method);
        java.util.stream.IntStream.Builder offsets = java.util.stream.IntStream.builder();
        int at = start;
        while (at < end) {
            offsets.add(at);
            int length = length(raw, start, at, end);
            if (length <= 0) {
                break; // a mutant: no instruction any more
            }
            at += length;
        }
        return new Instructions(offsets.build().toArray(), start, end);
    }

    private static int length(RawClass raw, int start, int at, int end) {
        int opcode = raw.u1(at);
        if (LENGTHS[opcode] != 0) {
            return LENGTHS[opcode];
        }
        if (opcode == WIDE) {
            return at + 1 < end && raw.u1(at + 1) == 132 ? 6 : 4;
        }
        int operands = at + 4 - (at - start) % 4;
        if (opcode == TABLE_SWITCH && operands + 12 <= end) {
            long count = (long) raw.s4(operands + 8) - raw.s4(operands + 4) + 1;
            return count < 0 || count > 65536 ? 0 : operands - at + 12 + 4 * (int) count;
        }
        if (opcode == LOOKUP_SWITCH && operands + 8 <= end) {
            int count = raw.s4(operands + 4);
            return count < 0 || count > 65536 ? 0 : operands - at + 8 + 8 * count;
        }
        return 0;
    }

    /** Returns the length of the instruction at that position of {@link #offsets}. */
    int length(int index) {
        return (index + 1 < offsets.length ? offsets[index + 1] : end) - offsets[index];
    }
}

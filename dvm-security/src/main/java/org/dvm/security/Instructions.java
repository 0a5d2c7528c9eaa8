package org.dvm.security;

import java.util.function.IntConsumer;
import org.dvm.core.classfile.RawClass;

/**
 * Walks the instructions of a method that passed the format check.
 *
 * @jvms 6.5
 */
final class Instructions {
    private static final int LDC = 18;
    private static final int LDC2_W = 20;
    static final int INVOKEVIRTUAL = 182;
    static final int INVOKESPECIAL = 183;
    static final int INVOKEDYNAMIC = 186;
    private static final int TABLESWITCH = 170;
    private static final int LOOKUPSWITCH = 171;
    private static final int WIDE = 196;
    private static final int IINC = 132;

    /** Lengths of instructions of fixed length, one digit for each opcode; 0 where it varies. */
    private static final String LENGTHS = "1".repeat(16) + "23233" + "22222" + "1".repeat(28) + "22222"
            + "1".repeat(73) + "3" + "1".repeat(20) + "3".repeat(16) + "2" + "00" + "111111" + "3333333" + "55"
            + "323" + "11" + "33" + "11" + "0" + "4" + "33" + "55";

    private Instructions() {}

    /** Hands over the bci of each call, {@code invokedynamic} included. */
    static void forEachCall(RawClass raw, RawClass.Member method, IntConsumer action) {
        int start = raw.codeStart(method);
        int length = raw.codeLength(method);
        for (int bci = 0; bci < length; bci += length(raw, start, bci)) {
            int opcode = raw.u1(start + bci);
            if (opcode >= INVOKEVIRTUAL && opcode <= INVOKEDYNAMIC) {
                action.accept(bci);
            }
        }
    }

    /**
     * Returns whether a method can have any code run but its own: by a call, or by a constant whose bootstrap method is
     * run when it is loaded.
     */
    static boolean callsAnything(RawClass raw, RawClass.Member method) {
        int start = raw.codeStart(method);
        int length = raw.codeLength(method);
        for (int bci = 0; bci < length; bci += length(raw, start, bci)) {
            int opcode = raw.u1(start + bci);
            boolean calls = opcode >= INVOKEVIRTUAL && opcode <= INVOKEDYNAMIC;
            boolean loads = opcode >= LDC && opcode <= LDC2_W;
            if (calls || (loads && isDynamic(raw, start + bci, opcode))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDynamic(RawClass raw, int at, int opcode) {
        return raw.constantTag(opcode == LDC ? raw.u1(at + 1) : raw.u2(at + 1)) == RawClass.DYNAMIC;
    }

    private static int length(RawClass raw, int start, int bci) {
        int at = start + bci;
        int opcode = raw.u1(at);
        int padded = bci + 4 & ~3;
        int fixed = opcode < LENGTHS.length() ? LENGTHS.charAt(opcode) - '0' : 0;
        if (fixed > 0) {
            return fixed;
        }
        return switch (opcode) {
            case TABLESWITCH -> {
                int low = raw.s4(start + padded + 4);
                int high = raw.s4(start + padded + 8);
                yield padded - bci + 12 + 4 * (high - low + 1);
            }
            case LOOKUPSWITCH -> padded - bci + 8 + 8 * raw.s4(start + padded + 4);
            case WIDE -> raw.u1(at + 1) == IINC ? 6 : 4;
            default -> throw new IllegalArgumentException("no such opcode: opcode=" + opcode + " bci=" + bci);
        };
    }
}

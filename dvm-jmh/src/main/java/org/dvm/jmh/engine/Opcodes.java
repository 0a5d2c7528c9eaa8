package org.dvm.jmh.engine;

import org.dvm.core.classfile.RawClass;

/**
 * Just enough of the instruction set to find calls.
 *
 * @jvms 6.5
 */
final class Opcodes {
    private static final int TABLE_SWITCH = 170;
    private static final int LOOKUP_SWITCH = 171;
    private static final int WIDE = 196;
    private static final String OPERANDS = operands();

    private Opcodes() {}

    private static String operands() {
        StringBuilder operands = new StringBuilder("0".repeat(16));
        operands.append("12122"); // bipush sipush ldc ldc_w ldc2_w
        operands.append("1".repeat(5)).append("0".repeat(28)); // loads
        operands.append("1".repeat(5)).append("0".repeat(73)); // stores, stack, arithmetic
        operands.append('2').append("0".repeat(20)); // iinc, conversions, comparisons
        operands.append("2".repeat(16)).append('1').append("00"); // branches, ret, switches
        operands.append("0".repeat(6)).append("2".repeat(7)).append("44"); // returns, fields, calls
        operands.append("212").append("00").append("22").append("00"); // new arrays, casts, monitors
        operands.append('0').append('3').append("22").append("44"); // wide multianewarray ifnull goto_w
        return operands.toString();
    }

    static boolean isCallOrNew(int opcode) {
        return opcode >= 182 && opcode <= 187;
    }

    /** Returns the length of the instruction at an offset of the class file; the code starts at another. */
    static int length(RawClass raw, int start, int at) {
        int opcode = raw.u1(at);
        if (opcode == TABLE_SWITCH || opcode == LOOKUP_SWITCH) {
            int operands = at + 4 - (at - start) % 4;
            return opcode == TABLE_SWITCH
                    ? operands - at + 16 + 4 * (raw.s4(operands + 8) - raw.s4(operands + 4))
                    : operands - at + 8 + 8 * raw.s4(operands + 4);
        }
        if (opcode == WIDE) {
            return raw.u1(at + 1) == 132 ? 6 : 4;
        }
        return 1 + OPERANDS.charAt(opcode) - '0';
    }
}

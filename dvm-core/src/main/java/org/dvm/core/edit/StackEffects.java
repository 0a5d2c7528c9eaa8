package org.dvm.core.edit;

import java.util.Arrays;

/**
 * How many slots of the operand stack an instruction takes and leaves; longs and doubles are two slots.
 *
 * @jvms 6.5
 */
final class StackEffects {
    private static final byte UNKNOWN = -1;

    /** For each opcode {@code pops << 4 | pushes}, or {@link #UNKNOWN} where that depends on operands or isn't all. */
    private static final byte[] EFFECTS = new byte[256];

    static {
        Arrays.fill(EFFECTS, UNKNOWN);
        each(0, 0, 0, 0); // nop
        each(1, 8, 0, 1); // aconst_null, iconst
        each(9, 10, 0, 2); // lconst
        each(11, 13, 0, 1); // fconst
        each(14, 15, 0, 2); // dconst
        each(16, 19, 0, 1); // bipush, sipush, ldc, ldc_w
        each(20, 20, 0, 2); // ldc2_w
        for (int type = 0; type < 4; type++) { // int, long, float, double
            int slots = 1 + type % 2;
            each(21 + type, 21 + type, 0, slots); // load
            each(26 + 4 * type, 29 + 4 * type, 0, slots); // load_n
            each(46 + type, 46 + type, 2, slots); // array load
            each(54 + type, 54 + type, slots, 0); // store
            each(59 + 4 * type, 62 + 4 * type, slots, 0); // store_n
            each(79 + type, 79 + type, 2 + slots, 0); // array store
            for (int operation = 96; operation < 116; operation += 4) {
                each(operation + type, operation + type, 2 * slots, slots); // add to rem
            }
            each(116 + type, 116 + type, slots, slots); // neg
            each(172 + type, 172 + type, slots, 0); // return
        }
        each(50, 53, 2, 1); // aaload, baload, caload, saload
        each(83, 86, 3, 0); // aastore, bastore, castore, sastore
        each(87, 87, 1, 0); // pop
        each(88, 88, 2, 0); // pop2
        for (int operation = 120; operation < 126; operation += 2) { // shifts
            each(operation, operation, 2, 1);
            each(operation + 1, operation + 1, 3, 2);
        }
        for (int operation = 126; operation < 132; operation += 2) { // and, or, xor
            each(operation, operation, 2, 1);
            each(operation + 1, operation + 1, 4, 2);
        }
        each(132, 132, 0, 0); // iinc
        each(133, 133, 1, 2); // i2l
        each(134, 134, 1, 1); // i2f
        each(135, 135, 1, 2); // i2d
        each(136, 137, 2, 1); // l2i, l2f
        each(138, 138, 2, 2); // l2d
        each(139, 139, 1, 1); // f2i
        each(140, 141, 1, 2); // f2l, f2d
        each(142, 142, 2, 1); // d2i
        each(143, 143, 2, 2); // d2l
        each(144, 144, 2, 1); // d2f
        each(145, 147, 1, 1); // i2b, i2c, i2s
        each(148, 148, 4, 1); // lcmp
        each(149, 150, 2, 1); // fcmp
        each(151, 152, 4, 1); // dcmp
        each(153, 158, 1, 0); // if
        each(159, 166, 2, 0); // if_icmp, if_acmp
        each(167, 167, 0, 0); // goto
        each(168, 168, 0, 1); // jsr
        each(169, 169, 0, 0); // ret
        each(170, 171, 1, 0); // switches
        each(176, 176, 1, 0); // areturn
        each(177, 177, 0, 0); // return
        each(187, 187, 0, 1); // new
        each(188, 190, 1, 1); // newarray, anewarray, arraylength
        each(191, 191, 1, 0); // athrow
        each(192, 193, 1, 1); // checkcast, instanceof
        each(194, 195, 1, 0); // monitors
        each(198, 199, 1, 0); // ifnull, ifnonnull
        each(200, 200, 0, 0); // goto_w
        each(201, 201, 0, 1); // jsr_w
    }

    private StackEffects() {}

    private static void each(int first, int last, int pops, int pushes) {
        Arrays.fill(EFFECTS, first, last + 1, (byte) (pops << 4 | pushes));
    }

    /** Returns whether {@link #pops} and {@link #pushes} tell all that the instruction does to the stack. */
    static boolean isKnown(int opcode) {
        return EFFECTS[opcode] != UNKNOWN;
    }

    static int pops(int opcode) {
        return EFFECTS[opcode] >> 4;
    }

    static int pushes(int opcode) {
        return EFFECTS[opcode] & 15;
    }
}

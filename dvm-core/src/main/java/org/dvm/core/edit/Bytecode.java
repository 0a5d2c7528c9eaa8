package org.dvm.core.edit;

import java.util.Arrays;

/**
 * What the splicer must know of each opcode: how long its instruction is and whether it holds a branch.
 *
 * @jvms 6.5
 */
final class Bytecode {
    // Kinds of instructions: all that is not listed is copied as it is.
    static final int PLAIN = 0;
    /** A conditional branch with a 16-bit offset. */
    static final int CONDITIONAL = 1;
    /** {@code goto} or {@code jsr}. */
    static final int JUMP = 2;
    /** {@code goto_w} or {@code jsr_w}. */
    static final int JUMP_WIDE = 3;

    static final int TABLE_SWITCH = 4;
    static final int LOOKUP_SWITCH = 5;
    static final int WIDE_PREFIX = 6;
    static final int RETURNING = 7;
    /** {@code athrow} or {@code ret}: what follows isn't reached from it. */
    static final int STOPPING = 8;

    static final int INVALID = 15;

    static final int ACONST_NULL = 1;
    static final int ICONST_0 = 3;
    static final int LCONST_0 = 9;
    static final int FCONST_0 = 11;
    static final int DCONST_0 = 14;
    static final int BIPUSH = 16;
    static final int SIPUSH = 17;
    static final int LDC = 18;
    static final int LDC_W = 19;
    static final int LDC2_W = 20;
    static final int ILOAD = 21;
    static final int LLOAD = 22;
    static final int FLOAD = 23;
    static final int DLOAD = 24;
    static final int ALOAD = 25;
    static final int ILOAD_0 = 26;
    static final int ALOAD_3 = 45;
    static final int ISTORE = 54;
    static final int LSTORE = 55;
    static final int DSTORE = 57;
    static final int ASTORE = 58;
    static final int ISTORE_0 = 59;
    static final int ASTORE_3 = 78;
    static final int AASTORE = 83;
    static final int POP = 87;
    static final int POP2 = 88;
    static final int DUP = 89;
    static final int DUP_X1 = 90;
    static final int DUP_X2 = 91;
    static final int DUP2 = 92;
    static final int DUP2_X1 = 93;
    static final int DUP2_X2 = 94;
    static final int SWAP = 95;
    static final int IINC = 132;
    static final int I2L = 133;
    static final int IFNE = 154;
    static final int GOTO = 167;
    static final int JSR = 168;
    static final int RET = 169;
    static final int TABLESWITCH = 170;
    static final int LOOKUPSWITCH = 171;
    static final int IRETURN = 172;
    static final int RETURN = 177;
    static final int GETSTATIC = 178;
    static final int PUTSTATIC = 179;
    static final int GETFIELD = 180;
    static final int PUTFIELD = 181;
    static final int INVOKEVIRTUAL = 182;
    static final int INVOKESPECIAL = 183;
    static final int INVOKESTATIC = 184;
    static final int INVOKEINTERFACE = 185;
    static final int INVOKEDYNAMIC = 186;
    static final int NEW = 187;
    static final int ANEWARRAY = 189;
    static final int ATHROW = 191;
    static final int CHECKCAST = 192;
    static final int WIDE = 196;
    static final int MULTIANEWARRAY = 197;
    static final int IFNULL = 198;
    static final int IFNONNULL = 199;
    static final int GOTO_W = 200;
    static final int JSR_W = 201;

    /** For each opcode its kind in the upper four bits and its length in bytes, 0 where that varies, in the lower. */
    static final byte[] INFO = new byte[256];

    static {
        Arrays.fill(INFO, 0, 202, (byte) 1);
        Arrays.fill(INFO, 202, 256, (byte) (INVALID << 4));
        for (int twoBytes : new int[] {16, 18, 21, 22, 23, 24, 25, 54, 55, 56, 57, 58, 188}) {
            INFO[twoBytes] = 2;
        }
        for (int threeBytes : new int[] {17, 19, 20, 132, 178, 179, 180, 181, 182, 183, 184, 187, 189, 192, 193}) {
            INFO[threeBytes] = 3;
        }
        INFO[INVOKEINTERFACE] = 5;
        INFO[INVOKEDYNAMIC] = 5;
        INFO[MULTIANEWARRAY] = 4;
        for (int opcode = 153; opcode <= 166; opcode++) {
            INFO[opcode] = CONDITIONAL << 4 | 3;
        }
        INFO[IFNULL] = CONDITIONAL << 4 | 3;
        INFO[IFNONNULL] = CONDITIONAL << 4 | 3;
        INFO[GOTO] = JUMP << 4 | 3;
        INFO[JSR] = JUMP << 4 | 3;
        INFO[GOTO_W] = JUMP_WIDE << 4 | 5;
        INFO[JSR_W] = JUMP_WIDE << 4 | 5;
        INFO[TABLESWITCH] = TABLE_SWITCH << 4;
        INFO[TABLESWITCH + 1] = LOOKUP_SWITCH << 4;
        INFO[WIDE] = WIDE_PREFIX << 4;
        for (int opcode = IRETURN; opcode <= RETURN; opcode++) {
            INFO[opcode] = RETURNING << 4 | 1;
        }
        INFO[ATHROW] = (byte) (STOPPING << 4 | 1);
        INFO[RET] = (byte) (STOPPING << 4 | 2);
    }

    /** For each opcode how far to go to the next instruction, or 0 where the instruction needs a look. */
    static final byte[] STEPS = INFO.clone();

    static {
        for (int opcode = 0; opcode < STEPS.length; opcode++) {
            int kind = (STEPS[opcode] & 0xff) >> 4;
            if (kind == STOPPING) {
                STEPS[opcode] &= 15;
            } else if (kind != PLAIN) {
                STEPS[opcode] = 0;
            }
        }
    }

    private Bytecode() {}

    /** Returns the opcode of the instruction at an offset: the one that a {@code wide} stands before, if one does. */
    static int opcode(byte[] bytes, int offset) {
        int opcode = bytes[offset] & 0xff;
        return opcode == WIDE ? bytes[offset + 1] & 0xff : opcode;
    }

    /** Returns kind and length of an opcode in one: {@code kind << 4 | length}. */
    static int info(int opcode) {
        return INFO[opcode] & 0xff;
    }

    /**
     * Returns the length of any instruction in bytes.
     *
     * @param code the array that holds the code
     * @param start index of the code's first byte
     * @param bci index of the instruction, relative to the start
     * @param codeLength the code's length in bytes
     * @throws DoesNotFit if the instruction is unknown or reaches beyond the code
     */
    static int length(byte[] code, int start, int bci, int codeLength) {
        int opcode = code[start + bci] & 0xff;
        int info = info(opcode);
        long length = info & 15;
        if (length == 0) {
            length = variableLength(code, start, bci, codeLength, info >> 4);
        }
        if (length > codeLength - bci) {
            throw DoesNotFit.malformed("instruction reaches beyond the code", bci);
        }
        return (int) length;
    }

    private static long variableLength(byte[] code, int start, int bci, int codeLength, int kind) {
        int operands = bci + 4 - (bci & 3);
        switch (kind) {
            case TABLE_SWITCH: {
                if (operands + 12 > codeLength) {
                    return Long.MAX_VALUE;
                }
                long low = s4(code, start + operands + 4);
                long high = s4(code, start + operands + 8);
                if (low > high) {
                    throw DoesNotFit.malformed("tableswitch with low above high", bci);
                }
                return operands + 12 - bci + 4 * (high - low + 1);
            }
            case LOOKUP_SWITCH: {
                if (operands + 8 > codeLength) {
                    return Long.MAX_VALUE;
                }
                long pairs = s4(code, start + operands + 4);
                if (pairs < 0) {
                    throw DoesNotFit.malformed("lookupswitch with a negative number of pairs", bci);
                }
                return operands + 8 - bci + 8 * pairs;
            }
            case WIDE_PREFIX: {
                if (bci + 1 >= codeLength) {
                    return Long.MAX_VALUE;
                }
                return (code[start + bci + 1] & 0xff) == IINC ? 6 : 4;
            }
            default:
                throw DoesNotFit.malformed("unknown opcode " + (code[start + bci] & 0xff), bci);
        }
    }

    /** Returns whether control can pass from an instruction to the one behind it. */
    static boolean fallsThrough(int opcode) {
        int kind = info(opcode) >> 4;
        return !(kind == TABLE_SWITCH
                || kind == LOOKUP_SWITCH
                || kind == RETURNING
                || kind == STOPPING
                || opcode == GOTO
                || opcode == GOTO_W);
    }

    /** Returns the opcode of the opposite condition. */
    static int inverted(int opcode) {
        return opcode >= IFNULL ? opcode ^ 1 : (opcode + 1 ^ 1) - 1;
    }

    static boolean isCall(int opcode) {
        return opcode >= INVOKEVIRTUAL && opcode <= INVOKEDYNAMIC;
    }

    /** Returns 0 to 4 for int, long, float, double and reference: what is added to the opcodes of load and store. */
    static int typeOffset(char type) {
        switch (type) {
            case 'J':
                return 1;
            case 'F':
                return 2;
            case 'D':
                return 3;
            case 'L':
            case '[':
                return 4;
            default:
                return 0;
        }
    }

    static int s2(byte[] bytes, int offset) {
        return bytes[offset] << 8 | bytes[offset + 1] & 0xff;
    }

    static int u2(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }

    static int s4(byte[] bytes, int offset) {
        return u2(bytes, offset) << 16 | u2(bytes, offset + 2);
    }

    static void setU2(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >> 8);
        bytes[offset + 1] = (byte) value;
    }

    static void setU4(byte[] bytes, int offset, int value) {
        setU2(bytes, offset, value >> 16);
        setU2(bytes, offset + 2, value);
    }
}

package org.dvm.verifier.internal;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instruction set: numbers, names, lengths and the operands of instructions that need nothing but the stack.
 *
 * @jvms 6.5
 */
final class Opcode {
    static final int ACONST_NULL = 1;
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
    static final int LLOAD_0 = 30;
    static final int FLOAD_0 = 34;
    static final int DLOAD_0 = 38;
    static final int ALOAD_0 = 42;
    static final int IALOAD = 46;
    static final int LALOAD = 47;
    static final int FALOAD = 48;
    static final int DALOAD = 49;
    static final int AALOAD = 50;
    static final int BALOAD = 51;
    static final int CALOAD = 52;
    static final int SALOAD = 53;
    static final int ISTORE = 54;
    static final int LSTORE = 55;
    static final int FSTORE = 56;
    static final int DSTORE = 57;
    static final int ASTORE = 58;
    static final int ISTORE_0 = 59;
    static final int LSTORE_0 = 63;
    static final int FSTORE_0 = 67;
    static final int DSTORE_0 = 71;
    static final int ASTORE_0 = 75;
    static final int ASTORE_3 = 78;
    static final int IASTORE = 79;
    static final int LASTORE = 80;
    static final int FASTORE = 81;
    static final int DASTORE = 82;
    static final int AASTORE = 83;
    static final int BASTORE = 84;
    static final int CASTORE = 85;
    static final int SASTORE = 86;
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
    static final int IFEQ = 153;
    static final int IFLE = 158;
    static final int IF_ICMPEQ = 159;
    static final int IF_ICMPLE = 164;
    static final int IF_ACMPEQ = 165;
    static final int IF_ACMPNE = 166;
    static final int GOTO = 167;
    static final int JSR = 168;
    static final int RET = 169;
    static final int TABLESWITCH = 170;
    static final int LOOKUPSWITCH = 171;
    static final int IRETURN = 172;
    static final int LRETURN = 173;
    static final int FRETURN = 174;
    static final int DRETURN = 175;
    static final int ARETURN = 176;
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
    static final int NEWARRAY = 188;
    static final int ANEWARRAY = 189;
    static final int ARRAYLENGTH = 190;
    static final int ATHROW = 191;
    static final int CHECKCAST = 192;
    static final int INSTANCEOF = 193;
    static final int MONITORENTER = 194;
    static final int MONITOREXIT = 195;
    static final int WIDE = 196;
    static final int MULTIANEWARRAY = 197;
    static final int IFNULL = 198;
    static final int IFNONNULL = 199;
    static final int GOTO_W = 200;
    static final int JSR_W = 201;

    /** The number of the last instruction. */
    static final int LAST = JSR_W;

    private static final String[] NAMES =
            ("nop aconst_null iconst_m1 iconst_0 iconst_1 iconst_2 iconst_3 iconst_4 iconst_5 lconst_0 lconst_1 fconst_0 "
                            + "fconst_1 fconst_2 dconst_0 dconst_1 bipush sipush ldc ldc_w ldc2_w iload lload fload "
                            + "dload aload iload_0 iload_1 iload_2 iload_3 lload_0 lload_1 lload_2 lload_3 fload_0 fload_1 "
                            + "fload_2 fload_3 dload_0 dload_1 dload_2 dload_3 aload_0 aload_1 aload_2 aload_3 iaload laload "
                            + "faload daload aaload baload caload saload istore lstore fstore dstore astore istore_0 "
                            + "istore_1 istore_2 istore_3 lstore_0 lstore_1 lstore_2 lstore_3 fstore_0 fstore_1 fstore_2 fstore_3 dstore_0 "
                            + "dstore_1 dstore_2 dstore_3 astore_0 astore_1 astore_2 astore_3 iastore lastore fastore dastore aastore "
                            + "bastore castore sastore pop pop2 dup dup_x1 dup_x2 dup2 dup2_x1 dup2_x2 swap "
                            + "iadd ladd fadd dadd isub lsub fsub dsub imul lmul fmul dmul "
                            + "idiv ldiv fdiv ddiv irem lrem frem drem ineg lneg fneg dneg "
                            + "ishl lshl ishr lshr iushr lushr iand land ior lor ixor lxor "
                            + "iinc i2l i2f i2d l2i l2f l2d f2i f2l f2d d2i d2l "
                            + "d2f i2b i2c i2s lcmp fcmpl fcmpg dcmpl dcmpg ifeq ifne iflt "
                            + "ifge ifgt ifle if_icmpeq if_icmpne if_icmplt if_icmpge if_icmpgt if_icmple if_acmpeq if_acmpne goto "
                            + "jsr ret tableswitch lookupswitch ireturn lreturn freturn dreturn areturn return getstatic putstatic "
                            + "getfield putfield invokevirtual invokespecial invokestatic invokeinterface invokedynamic new newarray anewarray arraylength athrow "
                            + "checkcast instanceof monitorenter monitorexit wide multianewarray ifnull ifnonnull goto_w jsr_w")
                    .split(" ");

    /** One digit an instruction: its length in bytes, 0 where it depends on the operands. */
    private static final String LENGTHS =
            "11111111111111112323322222111111111111111111111111111122222111111111111111111111"
                    + "11111111111111111111111111111111111111111111111111113111111111111111111113333333"
                    + "333333333200111111333333355323113311043355";

    /** The number of HotSpot's breakpoint, the first of the instructions that it has for itself. */
    private static final int FIRST_INTERNAL = 202;

    /** Two internal instructions that are as long as a lookupswitch would be. */
    private static final int LINEAR_SWITCH = 228;

    private static final int BINARY_SWITCH = 229;

    /** The lengths of internal instructions, as those of the others. */
    private static final String INTERNAL_LENGTHS = "1333333333333333331444243300231333121";

    /** Operands popped and results pushed, in descriptor letters; each followed by the instructions of that kind. */
    private static final String[] SIMPLE = {
        "> nop",
        ">I iconst_m1 iconst_0 iconst_1 iconst_2 iconst_3 iconst_4 iconst_5 bipush sipush",
        ">J lconst_0 lconst_1",
        ">F fconst_0 fconst_1 fconst_2",
        ">D dconst_0 dconst_1",
        "II>I iadd isub imul idiv irem iand ior ixor ishl ishr iushr",
        "I>I ineg i2b i2c i2s",
        "JJ>J ladd lsub lmul ldiv lrem land lor lxor",
        "J>J lneg",
        "FF>F fadd fsub fmul fdiv frem",
        "F>F fneg",
        "DD>D dadd dsub dmul ddiv drem",
        "D>D dneg",
        "JI>J lshl lshr lushr",
        "I>J i2l",
        "I>F i2f",
        "I>D i2d",
        "J>I l2i",
        "J>F l2f",
        "J>D l2d",
        "F>I f2i",
        "F>J f2l",
        "F>D f2d",
        "D>I d2i",
        "D>J d2l",
        "D>F d2f",
        "JJ>I lcmp",
        "FF>I fcmpl fcmpg",
        "DD>I dcmpl dcmpg",
    };

    private static final byte[] LENGTH = new byte[256];
    private static final boolean[] OPERANDS = new boolean[256];
    private static final int[][] POPS = new int[256][];
    private static final int[][] PUSHES = new int[256][];

    static {
        for (int i = 0; i < LENGTHS.length(); i++) {
            LENGTH[i] = (byte) (LENGTHS.charAt(i) - '0');
            boolean local = i >= ILOAD_0 && i < IALOAD || i >= ISTORE_0 && i < IASTORE;
            OPERANDS[i] = local || LENGTH[i] != 1 && i != BIPUSH && i != SIPUSH;
        }
        List<String> names = List.of(NAMES);
        for (String row : SIMPLE) {
            String[] words = row.split(" ");
            int arrow = words[0].indexOf('>');
            for (int i = 1; i < words.length; i++) {
                POPS[names.indexOf(words[i])] = slots(words[0].substring(0, arrow));
                PUSHES[names.indexOf(words[i])] = slots(words[0].substring(arrow + 1));
            }
        }
    }

    private Opcode() {}

    /** Returns the length of an instruction in bytes; 0 for switches, wide and what is no instruction. */
    static int length(int opcode) {
        return LENGTH[opcode];
    }

    /** Returns the length of an instruction of HotSpot's own; 0 for its switches, and for what is none. */
    static int internalLength(int opcode) {
        int index = opcode - FIRST_INTERNAL;
        return index >= 0 && index < INTERNAL_LENGTHS.length() ? INTERNAL_LENGTHS.charAt(index) - '0' : 0;
    }

    /** Returns the instruction that an internal switch stands for; else the instruction itself. */
    static int standard(int opcode) {
        return opcode == LINEAR_SWITCH || opcode == BINARY_SWITCH ? LOOKUPSWITCH : opcode;
    }

    /** Returns whether an instruction has operands, or names a local variable. */
    static boolean hasOperands(int opcode) {
        return OPERANDS[opcode];
    }

    /** Returns the mnemonic; for what is no instruction its number. */
    static String name(int opcode) {
        return opcode < NAMES.length ? NAMES[opcode] : "0x" + Integer.toHexString(opcode);
    }

    /** Returns the slots popped from bottom to top, or null for an instruction that isn't simple. */
    static int @Nullable [] pops(int opcode) {
        return POPS[opcode];
    }

    /** Returns the slots that a simple instruction pushes, from bottom to top. */
    static int[] pushes(int opcode) {
        return PUSHES[opcode];
    }

    private static int[] slots(String letters) {
        int[] slots = new int[2 * letters.length()];
        int count = 0;
        for (int i = 0; i < letters.length(); i++) {
            int type = Types.ofLetter(letters.charAt(i));
            slots[count++] = type;
            if (Types.isTwoSlot(type)) {
                slots[count++] = type + 1;
            }
        }
        return Arrays.copyOf(slots, count);
    }
}

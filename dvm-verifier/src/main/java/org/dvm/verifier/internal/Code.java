package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/**
 * One method's code: where its parts stand in the class file, and where its instructions start.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one method after the other.
 *
 * @jvms 4.7.3
 */
final class Code {
    private static final byte[] STACK_MAP_TABLE = "StackMapTable".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOCAL_VARIABLE_TABLE = "LocalVariableTable".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLINIT = "<clinit>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INIT = "<init>".getBytes(StandardCharsets.US_ASCII);

    /** What stands at a bci. */
    private static final byte NOTHING = 0;

    private static final byte INSTRUCTION = 1;
    private static final byte NEW_INSTRUCTION = 2;

    private final NameTable names;
    private byte[] marks = new byte[1024];

    /** Where the instructions with operands are, in order. */
    char[] withOperands = new char[1024];

    int operandsCount;

    private @Nullable RawClass raw;
    private @Nullable Member method;
    byte[] bytes = {};

    /** Offset of the first instruction. */
    int start;

    /** Number of bytes of instructions. */
    int length;

    int maxStack;
    int maxLocals;

    /** Offset of the first exception table entry. */
    int handlers;

    int handlerCount;
    private int[] handlerStarts = new int[16];
    private int[] handlerEnds = new int[16];
    boolean isStatic;
    boolean isConstructor;

    /** Position of the method's descriptor in {@link NameTable#signatures()}. */
    int signature;

    /** The type that return instructions give; {@link Types#VOID} for none; small ints by their own names. */
    int returnType;

    /** Whether the code has jsr, jsr_w or ret. */
    boolean hasSubroutines;

    private int attributes;
    private boolean internal;

    Code(NameTable names) {
        this.names = names;
    }

    RawClass raw() {
        return Objects.requireNonNull(raw);
    }

    Member method() {
        return Objects.requireNonNull(method);
    }

    /** Turns to a method that has code. */
    void open(RawClass raw, Member method) throws MethodFault {
        this.raw = raw;
        this.method = method;
        bytes = raw.bytes();
        start = raw.codeStart(method);
        length = raw.codeLength(method);
        maxStack = raw.u2(method.codeOffset());
        maxLocals = raw.u2(method.codeOffset() + 2);
        handlerCount = raw.u2(start + length);
        handlers = start + length + 2;
        attributes = handlers + 8 * handlerCount;
        isStatic = Modifier.isStatic(raw.memberFlags(method)) || isOldInitializer(raw, method);
        isConstructor = raw.utf8Equals(raw.u2(method.offset() + 2), INIT);
        int descriptor = raw.u2(method.offset() + 4);
        signature = names.signature(descriptor);
        returnType = returnType(descriptor);
        if (length == 0 || length > 0xffff || attributes + 2 > bytes.length) {
            throw MethodFault.of(TypeRule.INSTRUCTION, "code of " + length + " bytes");
        }
        readHandlers();
    }

    private void readHandlers() {
        if (handlerStarts.length < handlerCount) {
            handlerStarts = new int[2 * handlerCount];
            handlerEnds = new int[2 * handlerCount];
        }
        for (int i = 0; i < handlerCount; i++) {
            handlerStarts[i] = raw().u2(handlers + 8 * i);
            handlerEnds[i] = raw().u2(handlers + 8 * i + 2);
        }
    }

    /** Class initializers of old versions are static whatever their flags say. */
    private static boolean isOldInitializer(RawClass raw, Member method) {
        return raw.majorVersion() < 51 && raw.utf8Equals(raw.u2(method.offset() + 2), CLINIT);
    }

    private int returnType(int descriptor) {
        int[] signatures = names.signatures();
        int parameters = signatures[signature];
        if (signatures[signature + 1] == 0) {
            return Types.VOID;
        }
        int offset = raw().constantOffset(descriptor);
        int end = offset + 3 + raw().u2(offset + 1);
        if (bytes[end - 2] == ')') {
            switch (bytes[end - 1]) {
                case 'Z':
                    return Types.BOOLEAN;
                case 'B':
                    return Types.BYTE;
                case 'C':
                    return Types.CHAR;
                case 'S':
                    return Types.SHORT;
                default:
                    break;
            }
        }
        return signatures[signature + 2 + parameters];
    }

    int u1(int bci) {
        return bytes[start + bci] & 0xff;
    }

    int u2(int bci) {
        int offset = start + bci;
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }

    int s2(int bci) {
        int offset = start + bci;
        return bytes[offset] << 8 | bytes[offset + 1] & 0xff;
    }

    int s4(int bci) {
        return s2(bci) << 16 | u2(bci + 2);
    }

    boolean isInstruction(int bci) {
        return bci >= 0 && bci < length && marks[bci] != NOTHING;
    }

    boolean isNew(int bci) {
        return bci < length && marks[bci] == NEW_INSTRUCTION;
    }

    /**
     * Finds the starts of all instructions, and which of them have operands.
     *
     * @param internal whether HotSpot's own instructions count for now: its newer verifier takes offence only when it comes to
     *     one, so that other faults can be first
     */
    void scan(boolean internal) throws MethodFault {
        this.internal = internal;
        if (marks.length < length) {
            marks = new byte[Math.max(length, 2 * marks.length)];
            withOperands = new char[marks.length];
        } else {
            Arrays.fill(marks, 0, length, NOTHING);
        }
        hasSubroutines = false;
        byte[] bytes = this.bytes;
        byte[] marks = this.marks;
        char[] withOperands = this.withOperands;
        int count = 0;
        for (int bci = 0; bci < length; ) {
            int opcode = bytes[start + bci] & 0xff;
            int size = Opcode.length(opcode);
            if (size == 0) {
                size = variableLength(bci, opcode);
            }
            if (size <= 0 || bci + size > length) {
                throw MethodFault.of(TypeRule.INSTRUCTION, "Bad instruction");
            }
            marks[bci] = opcode == Opcode.NEW ? NEW_INSTRUCTION : INSTRUCTION;
            if (Opcode.hasOperands(opcode)) {
                withOperands[count++] = (char) bci;
                hasSubroutines |= opcode == Opcode.JSR || opcode == Opcode.RET || opcode == Opcode.JSR_W;
            }
            bci += size;
        }
        operandsCount = count;
    }

    /** Returns the length of a scanned instruction. */
    int lengthAt(int bci) {
        return lengthAt(bci, u1(bci));
    }

    /** Returns the length of a scanned instruction, given its opcode. */
    int lengthAt(int bci, int opcode) {
        int size = Opcode.length(opcode);
        return size == 0 ? variableLength(bci, opcode) : size;
    }

    /** Returns the length of a switch or wide instruction, or -1 where it isn't one that fits. */
    private int variableLength(int bci, int opcode) {
        long size;
        int aligned = (bci & ~3) + 4;
        switch (internal ? Opcode.standard(opcode) : opcode) {
            case Opcode.TABLESWITCH:
                if (aligned + 12 >= length) {
                    return -1;
                }
                long low = s4(aligned + 4);
                long high = s4(aligned + 8);
                size = low <= high ? aligned - bci + 4 * (3 + high - low + 1) : -1;
                break;
            case Opcode.LOOKUPSWITCH:
                // HotSpot's newer verifier takes an empty switch at the very end of the code for a truncated one.
                if (aligned + 8 > length || internal && aligned + 8 == length) {
                    return -1;
                }
                size = aligned - bci + 4 * (2 + 2L * s4(aligned + 4));
                break;
            case Opcode.WIDE:
                return bci + 1 >= length ? -1 : wideLength(u1(bci + 1));
            default:
                return internal ? Opcode.internalLength(opcode) : -1;
        }
        return size > 0 && size <= length ? (int) size : -1;
    }

    private static int wideLength(int opcode) {
        if (opcode == Opcode.IINC) {
            return 6;
        }
        boolean widened = opcode >= Opcode.ILOAD && opcode <= Opcode.ALOAD
                || opcode >= Opcode.ISTORE && opcode <= Opcode.ASTORE
                || opcode == Opcode.RET;
        return widened ? 4 : -1;
    }

    int handlerStart(int index) {
        return handlerStarts[index];
    }

    int handlerEnd(int index) {
        return handlerEnds[index];
    }

    int handlerTarget(int index) {
        return raw().u2(handlers + 8 * index + 4);
    }

    /** Returns the Class constant that a handler catches; 0 for all exceptions. */
    int handlerType(int index) {
        return raw().u2(handlers + 8 * index + 6);
    }

    /** Returns the offset of the StackMapTable's content, or -1; its length is in the four bytes before. */
    int stackMapTable() {
        for (int offset = attributes + 2, i = raw().u2(attributes); i > 0; i--) {
            if (raw().utf8Equals(raw().u2(offset), STACK_MAP_TABLE) && raw().s4(offset + 2) > 0) {
                return offset + 6;
            }
            offset += 6 + raw().s4(offset + 2);
        }
        return -1;
    }

    /**
     * Checks that local variable tables refer to instructions.
     *
     * @jvms 4.7.13
     */
    void checkLocalVariableTables() throws MethodFault {
        for (int offset = attributes + 2, i = raw().u2(attributes); i > 0; i--) {
            if (raw().utf8Equals(raw().u2(offset), LOCAL_VARIABLE_TABLE)) {
                checkLocalVariableTable(offset + 6);
            }
            offset += 6 + raw().s4(offset + 2);
        }
    }

    private void checkLocalVariableTable(int offset) throws MethodFault {
        int count = raw().u2(offset);
        for (int i = 0; i < count; i++) {
            int first = raw().u2(offset + 2 + 10 * i);
            int end = first + raw().u2(offset + 4 + 10 * i);
            if (!isInstruction(first)) {
                throw MethodFault.of(TypeRule.LOCAL_VARIABLE_TABLE, "Illegal local variable table start_pc " + first);
            }
            if (end != length && !isInstruction(end)) {
                throw MethodFault.of(
                        TypeRule.LOCAL_VARIABLE_TABLE, "Illegal local variable table length " + (end - first));
            }
        }
    }
}

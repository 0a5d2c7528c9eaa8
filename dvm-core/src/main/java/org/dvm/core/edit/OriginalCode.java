package org.dvm.core.edit;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * A method's Code attribute as it was read: where its code, its exception table and its attributes stand in the class
 * file. One object is reused from method to method.
 *
 * @jvms 4.7.3
 */
final class OriginalCode {
    private static final byte[] INIT = {'<', 'i', 'n', 'i', 't', '>'};
    private static final RawClass.Member NO_METHOD = new RawClass.Member(0, 0, new RawClass.Attribute[0], -1);

    private final TableShifter kinds;
    private @Nullable RawClass raw;
    private RawClass.Member method = NO_METHOD;
    private boolean constructor;

    /** The class file. */
    byte[] bytes = {};
    /** Offset of the first instruction. */
    int start;
    /** Length of the code in bytes. */
    int length;

    private int handlerCount;
    private int attributeCount;
    private int[] attributeOffsets = new int[8];
    private int[] attributeKinds = new int[8];
    /** The StackMapTable's number among the attributes, or -1. */
    private int stackMapTable;

    private boolean usesFrames;

    private int[] sortedHandlers = new int[8];

    /** Makes one that tells attributes by what it finds out itself. */
    OriginalCode() {
        this(new TableShifter());
    }

    /** Makes one that asks for the kinds of attributes; the other has been told of the class. */
    OriginalCode(TableShifter kinds) {
        this.kinds = kinds;
    }

    /**
     * Goes to a method that has code.
     *
     * @throws DoesNotFit if the Code attribute is malformed
     */
    void start(RawClass raw, RawClass.Member method) {
        this.raw = raw;
        this.method = method;
        bytes = raw.bytes();
        start = method.codeOffset() + 8;
        length = Bytecode.s4(bytes, start - 4);
        handlerCount = Bytecode.u2(bytes, start + length);
        constructor = raw.utf8Equals(Bytecode.u2(bytes, method.offset() + 2), INIT);
        findAttributes(raw);
        int version = raw.majorVersion();
        // A version 50 class without frames is left to the old verifier; a partial table would not help it.
        usesFrames = version > 50 || version == 50 && stackMapTable >= 0;
    }

    private void findAttributes(RawClass raw) {
        int content = method.codeOffset();
        int end = content + Bytecode.s4(bytes, content - 4);
        int at = handler(handlerCount);
        int count = Bytecode.u2(bytes, at);
        at += 2;
        if (count > (end - at) / 6) {
            throw DoesNotFit.malformed("the attributes of the code end early", -1);
        }
        if (attributeOffsets.length < count) {
            attributeOffsets = new int[count];
            attributeKinds = new int[count];
        }
        attributeCount = count;
        stackMapTable = -1;
        for (int i = 0; i < count; i++) {
            int attributeLength = end - at < 6 ? -1 : Bytecode.s4(bytes, at + 2);
            if (attributeLength < 0 || attributeLength > end - at - 6) {
                throw DoesNotFit.malformed("the attributes of the code end early", -1);
            }
            int kind = kinds.kindOf(raw, Bytecode.u2(bytes, at));
            if (kind < 0) {
                throw DoesNotFit.malformed("an attribute of the code has no name", -1);
            }
            attributeOffsets[i] = at + 6;
            attributeKinds[i] = kind;
            if (kind == TableShifter.STACK_MAP_TABLE) {
                stackMapTable = i;
            }
            at += 6 + attributeLength;
        }
        if (at != end) {
            throw DoesNotFit.malformed("the attributes of the code don't fill it", -1);
        }
    }

    RawClass raw() {
        if (raw == null) {
            throw new IllegalStateException("no method started");
        }
        return raw;
    }

    RawClass.Member method() {
        return method;
    }

    boolean isConstructor() {
        return constructor;
    }

    /** Returns whether the JVM wants stack map frames at the targets of branches. */
    boolean usesFrames() {
        return usesFrames;
    }

    int maxStack() {
        return Bytecode.u2(bytes, start - 8);
    }

    /** Returns the offset of an instruction of the code in the class file. */
    int at(int bci) {
        return start + bci;
    }

    /** Returns where the branch at that bci goes to, whose offset has 16 bits. */
    int target(int bci) {
        return bci + Bytecode.s2(bytes, start + bci + 1);
    }

    /** Returns where the {@code goto_w} or {@code jsr_w} at that bci goes to. */
    int wideTarget(int bci) {
        return bci + Bytecode.s4(bytes, start + bci + 1);
    }

    // ---- exception handlers ----

    int handlerCount() {
        return handlerCount;
    }

    /** Returns the offset of an entry of the exception table; for their number that of the table's end. */
    int handler(int index) {
        return start + length + 2 + 8 * index;
    }

    /** Returns the bcis at which handlers start, ascending; as many as there are handlers, the rest of the array is unused. */
    int[] sortedHandlers() {
        if (sortedHandlers.length < handlerCount) {
            sortedHandlers = new int[handlerCount];
        }
        for (int i = 0; i < handlerCount; i++) {
            sortedHandlers[i] = Bytecode.u2(bytes, handler(i) + 4);
        }
        Arrays.sort(sortedHandlers, 0, handlerCount);
        return sortedHandlers;
    }

    // ---- attributes ----

    int attributeCount() {
        return attributeCount;
    }

    /** Returns which attribute it is: one of the kinds of {@link TableShifter}. */
    int attributeKind(int index) {
        return attributeKinds[index];
    }

    /** Returns the constant of an attribute's name. */
    int attributeName(int index) {
        return Bytecode.u2(bytes, attributeOffsets[index] - 6);
    }

    /** Returns the offset of an attribute's content. */
    int attributeOffset(int index) {
        return attributeOffsets[index];
    }

    /** Returns the length of an attribute's content. */
    int attributeLength(int index) {
        return Bytecode.s4(bytes, attributeOffsets[index] - 4);
    }

    /** Returns the number of the StackMapTable among the attributes, or -1. */
    int stackMapTable() {
        return stackMapTable;
    }
}

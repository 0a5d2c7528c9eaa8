package org.dvm.core.edit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.dvm.core.classfile.RawClass;

/**
 * Shifts the tables of a Code attribute that refer to the code: line numbers, local variables and, where their types
 * needn't be known, stack map frames. Tells the attributes by their names, too.
 *
 * @jvms 4.7.3
 */
final class TableShifter {
    // Kinds of attributes.
    static final int OTHER = 0;
    static final int STACK_MAP_TABLE = 1;
    static final int LINE_NUMBERS = 2;
    static final int LOCAL_VARIABLES = 3;
    static final int TYPE_ANNOTATIONS = 4;
    /** CLDC's StackMap and the CharacterRangeTable: nothing reads them any more, and they would be wrong. */
    static final int STALE = 5;

    private static final byte[] STACK_MAP_TABLE_NAME = ascii("StackMapTable");
    private static final byte[] LINE_NUMBERS_NAME = ascii("LineNumberTable");
    private static final byte[] LOCAL_VARIABLES_NAME = ascii("LocalVariableTable");
    private static final byte[] LOCAL_VARIABLE_TYPES_NAME = ascii("LocalVariableTypeTable");
    private static final byte[] VISIBLE_NAME = ascii("RuntimeVisibleTypeAnnotations");
    private static final byte[] INVISIBLE_NAME = ascii("RuntimeInvisibleTypeAnnotations");
    private static final byte[] STACK_MAP_NAME = ascii("StackMap");
    private static final byte[] CHARACTER_RANGES_NAME = ascii("CharacterRangeTable");

    private static final String ENDS_EARLY = "StackMapTable ends within a frame";

    /** What is wrong with the table shifted last. */
    private String fault = "";

    /** A class's few names are looked at once: by the lower bits of a name's index {@code index << 3 | kind}, or 0. */
    private final int[] known = new int[16];

    // The frame written last.
    private int lastPosition;
    private int frameCount;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets what the names of another class meant. */
    void startClass() {
        Arrays.fill(known, 0);
    }

    /** Returns what is wrong where a method has returned false. */
    String fault() {
        return fault;
    }

    private boolean fail(String what) {
        fault = what;
        return false;
    }

    // ---- names ----

    /** Returns the kind of the attribute with that name; -1 if the constant is no name. */
    int kindOf(RawClass raw, int nameIndex) {
        int place = nameIndex & known.length - 1;
        if (known[place] >>> 3 != nameIndex) {
            int kind = find(raw, nameIndex);
            if (kind < 0) {
                return kind;
            }
            known[place] = nameIndex << 3 | kind;
        }
        return known[place] & 7;
    }

    private static int find(RawClass raw, int nameIndex) {
        if (nameIndex >= raw.constantCount() || raw.constantTag(nameIndex) != RawClass.UTF8) {
            return -1;
        }
        int length = raw.u2(raw.constantOffset(nameIndex) + 1);
        return switch (length) {
            case 13 -> raw.utf8Equals(nameIndex, STACK_MAP_TABLE_NAME) ? STACK_MAP_TABLE : OTHER;
            case 15 -> raw.utf8Equals(nameIndex, LINE_NUMBERS_NAME) ? LINE_NUMBERS : OTHER;
            case 18 -> raw.utf8Equals(nameIndex, LOCAL_VARIABLES_NAME) ? LOCAL_VARIABLES : OTHER;
            case 22 -> raw.utf8Equals(nameIndex, LOCAL_VARIABLE_TYPES_NAME) ? LOCAL_VARIABLES : OTHER;
            case 29 -> raw.utf8Equals(nameIndex, VISIBLE_NAME) ? TYPE_ANNOTATIONS : OTHER;
            case 31 -> raw.utf8Equals(nameIndex, INVISIBLE_NAME) ? TYPE_ANNOTATIONS : OTHER;
            case 8 -> raw.utf8Equals(nameIndex, STACK_MAP_NAME) ? STALE : OTHER;
            case 19 -> raw.utf8Equals(nameIndex, CHARACTER_RANGES_NAME) ? STALE : OTHER;
            default -> OTHER;
        };
    }

    // ---- line numbers and variables ----

    /** Shifts the content of a LineNumberTable in place; false where it is malformed. */
    boolean lineNumbers(byte[] bytes, int content, int length, Positions positions) {
        if (!fits(bytes, content, length, 4)) {
            return false;
        }
        int[] shifts = positions.shifts();
        int codeLength = positions.codeLength();
        int end = content + length;
        for (int at = content + 2; at < end; at += 4) {
            int bci = Bytecode.u2(bytes, at);
            if (bci > codeLength) {
                return fail("a table points beyond the code");
            }
            if (bci != 0) { // the first line starts with what is inserted at entry
                Bytecode.setU2(bytes, at, bci + shifts[bci]);
            }
        }
        return true;
    }

    /** Shifts the content of a LocalVariableTable or LocalVariableTypeTable in place; false where it is malformed. */
    boolean localVariables(byte[] bytes, int content, int length, Positions positions) {
        if (!fits(bytes, content, length, 10)) {
            return false;
        }
        int end = content + length;
        for (int at = content + 2; at < end; at += 10) {
            if (!shiftRange(bytes, at, positions)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Shifts a start_pc and a length that follow each other; a start reaches back over what is inserted at entry.
     *
     * @return whether they are within the code
     */
    boolean shiftRange(byte[] bytes, int at, Positions positions) {
        int start = Bytecode.u2(bytes, at);
        int end = start + Bytecode.u2(bytes, at + 2);
        if (end > positions.codeLength()) {
            return fail("a table points beyond the code");
        }
        int[] shifts = positions.shifts();
        int newStart = start == 0 ? 0 : start + shifts[start];
        Bytecode.setU2(bytes, at, newStart);
        Bytecode.setU2(bytes, at + 2, end + shifts[end] - newStart);
        return true;
    }

    /** Returns whether a table of entries of one size fills its attribute. */
    private boolean fits(byte[] bytes, int content, int length, int size) {
        return length >= 2 && length == 2 + size * Bytecode.u2(bytes, content)
                || fail("a table's length doesn't fit its count");
    }

    // ---- stack map frames ----

    /** Starts the frames of a method. */
    void startFrames() {
        lastPosition = -1;
        frameCount = 0;
    }

    /** Returns the number of frames written. */
    int frameCount() {
        return frameCount;
    }

    /**
     * Returns the offset_delta of the next frame.
     *
     * @param position where the frame stands in the new code
     * @return the delta; negative where frames don't ascend or are too many
     */
    int delta(int position) {
        int delta = position - lastPosition - 1;
        lastPosition = position;
        return ++frameCount > 65535 ? -1 : delta;
    }

    /** Writes a frame without operands whose short form is {@code base + delta}. */
    static void writeShort(Output out, int base, int extended, int delta) {
        if (delta < 64) {
            out.u1(base + delta);
        } else {
            out.u1u2(extended, delta);
        }
    }

    /**
     * Appends the frames of a StackMapTable with their offsets shifted; what their types are doesn't matter.
     *
     * @param from offset of the table's content, which starts with its count
     * @param end offset after it
     * @return false where the table is malformed
     */
    boolean frames(byte[] bytes, int from, int end, Positions positions, Output out) {
        if (end - from < 2) {
            return fail("StackMapTable is too short");
        }
        int remaining = Bytecode.u2(bytes, from);
        int codeLength = positions.codeLength();
        int[] shifts = positions.shifts();
        int at = from + 2;
        int bci = -1;
        while (remaining-- > 0) {
            if (at >= end) {
                return fail(ENDS_EARLY);
            }
            int type = bytes[at++] & 0xff;
            int stated;
            if (type < 128) {
                stated = type & 63;
            } else if (end - at < 2) {
                return fail(ENDS_EARLY);
            } else if (type < 247) {
                return fail("reserved frame type " + type);
            } else {
                stated = Bytecode.u2(bytes, at);
                at += 2;
            }
            bci += stated + 1;
            if (bci > codeLength) {
                return fail("a table points beyond the code");
            }
            int delta = delta(bci + shifts[bci]);
            if (delta < 0) {
                return fail("the frames don't ascend");
            }
            if (type < 64) {
                writeShort(out, 0, 251, delta);
            } else if (type < 128) {
                writeShort(out, 64, 247, delta);
                at = copyTypes(bytes, at, 1, end, positions, out);
            } else {
                out.u1u2(type, delta);
                at = copyTypesOf(type, bytes, at, end, positions, out);
            }
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** Copies the types of a frame in long form, and returns where they end; -1 where the table is malformed. */
    private int copyTypesOf(int type, byte[] bytes, int at, int end, Positions positions, Output out) {
        if (type == 247) {
            return copyTypes(bytes, at, 1, end, positions, out);
        } else if (type == 255) {
            int stack = copyCountedTypes(bytes, at, end, positions, out);
            return stack < 0 ? -1 : copyCountedTypes(bytes, stack, end, positions, out);
        }
        return type > 251 ? copyTypes(bytes, at, type - 251, end, positions, out) : at;
    }

    private int copyCountedTypes(byte[] bytes, int at, int end, Positions positions, Output out) {
        if (end - at < 2) {
            return endsEarly();
        }
        int count = Bytecode.u2(bytes, at);
        out.u2(count);
        return copyTypes(bytes, at + 2, count, end, positions, out);
    }

    private int copyTypes(byte[] bytes, int start, int count, int end, Positions positions, Output out) {
        int at = start;
        for (int i = 0; i < count; i++) {
            int tag = at < end ? bytes[at] : FrameReader.OBJECT;
            if (tag < FrameReader.OBJECT) {
                out.u1(tag);
                at++;
                continue;
            } else if (end - at < 3) {
                return endsEarly();
            }
            int data = Bytecode.u2(bytes, at + 1);
            if (tag == FrameReader.UNINITIALIZED) {
                if (data >= positions.codeLength()) {
                    fault = "a table points beyond the code";
                    return -1;
                }
                data = positions.instruction(data);
            }
            out.u1u2(tag, data);
            at += 3;
        }
        return at;
    }

    private int endsEarly() {
        fault = ENDS_EARLY;
        return -1;
    }
}

package org.dvm.core.edit;

import java.nio.charset.StandardCharsets;
import org.dvm.core.classfile.RawClass;

/**
 * Copies the tables of a Code attribute that refer to the code, with every reference shifted; others as they are.
 *
 * @jvms 4.7.3
 */
final class CodeTables {
    static final int OTHER = 0;
    static final int STACK_MAP_TABLE = 1;
    static final int LINE_NUMBERS = 2;
    static final int LOCAL_VARIABLES = 3;
    static final int TYPE_ANNOTATIONS = 4;
    /** CLDC's StackMap: nothing reads it any more, and it would be wrong. */
    static final int STALE = 5;

    private static final byte[] STACK_MAP_TABLE_NAME = ascii("StackMapTable");
    private static final byte[] LINE_NUMBERS_NAME = ascii("LineNumberTable");
    private static final byte[] LOCAL_VARIABLES_NAME = ascii("LocalVariableTable");
    private static final byte[] LOCAL_VARIABLE_TYPES_NAME = ascii("LocalVariableTypeTable");
    private static final byte[] VISIBLE_NAME = ascii("RuntimeVisibleTypeAnnotations");
    private static final byte[] INVISIBLE_NAME = ascii("RuntimeInvisibleTypeAnnotations");
    private static final byte[] STACK_MAP_NAME = ascii("StackMap");
    private static final byte[] CHARACTER_RANGES_NAME = ascii("CharacterRangeTable");

    /** Annotations nest at most so deep; what is deeper can't be read. */
    private static final int MAX_DEPTH = 256;

    private final int[] knownNames = new int[8];
    private final int[] knownKinds = new int[8];
    private int knownCount;
    private int nextKnown;

    private Output out = new Output();
    private CodeMap map = new CodeMap();
    private int codeLength;
    private int end;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets what the names of another class meant. */
    void startClass() {
        knownCount = 0;
        nextKnown = 0;
    }

    /** Returns which table the attribute with that name is; a class's few names are looked at once. */
    int kind(RawClass raw, int nameIndex) {
        for (int i = 0; i < knownCount; i++) {
            if (knownNames[i] == nameIndex) {
                return knownKinds[i];
            }
        }
        int kind = kindOf(raw, nameIndex);
        knownNames[nextKnown] = nameIndex;
        knownKinds[nextKnown] = kind;
        nextKnown = nextKnown + 1 & knownNames.length - 1;
        knownCount = Math.min(knownCount + 1, knownNames.length);
        return kind;
    }

    private static int kindOf(RawClass raw, int nameIndex) {
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

    void start(Output out, CodeMap map, int codeLength) {
        this.out = out;
        this.map = map;
        this.codeLength = codeLength;
    }

    /** Copies a LineNumberTable's content. */
    void lineNumbers(byte[] bytes, int offset, int length) {
        int count = countOf(bytes, offset, length, 4);
        out.put(bytes, offset, length);
        int at = out.size() - length + 2;
        for (int i = 0; i < count; i++, at += 4) {
            out.setU2(at, startOf(checked(out.u2At(at))));
        }
    }

    /** Copies the content of a LocalVariableTable or LocalVariableTypeTable. */
    void localVariables(byte[] bytes, int offset, int length) {
        int count = countOf(bytes, offset, length, 10);
        out.put(bytes, offset, length);
        int at = out.size() - length + 2;
        for (int i = 0; i < count; i++, at += 10) {
            shiftRange(at);
        }
    }

    /** Shifts a start_pc and a length that follow each other in the output. */
    private void shiftRange(int at) {
        int start = checked(out.u2At(at));
        int end = checked(start + out.u2At(at + 2));
        int newStart = startOf(start);
        out.setU2(at, newStart);
        out.setU2(at + 2, map.label(end) - newStart);
    }

    /** Parameters and the first line reach back over what is inserted at entry. */
    private int startOf(int bci) {
        return bci == 0 ? 0 : map.label(bci);
    }

    private static int countOf(byte[] bytes, int offset, int length, int size) {
        int count = length < 2 ? -1 : Bytecode.u2(bytes, offset);
        if (length != 2 + size * count) {
            throw DoesNotFit.malformed("a table's length doesn't fit its count", -1);
        }
        return count;
    }

    private int checked(int bci) {
        if (bci > codeLength) {
            throw DoesNotFit.malformed("a table points beyond the code", bci);
        }
        return bci;
    }

    // ---- type annotations ----

    /** Copies the content of type annotations on code. */
    void typeAnnotations(byte[] bytes, int offset, int length) {
        int start = out.size();
        out.put(bytes, offset, length);
        end = out.size();
        int at = start;
        int count = u2(at);
        at += 2;
        for (int i = 0; i < count; i++) {
            at = target(at);
            at += 1 + 2 * u1(at); // type_path
            at = annotation(at, 0);
        }
        if (at != end) {
            throw DoesNotFit.malformed("type annotations don't fill their attribute", -1);
        }
    }

    /** Shifts one target_info and returns where it ends. */
    private int target(int start) {
        int type = u1(start);
        int at = start + 1;
        if (type == 0x40 || type == 0x41) {
            int count = u2(at);
            at += 2;
            for (int i = 0; i < count; i++, at += 6) {
                u2(at + 4);
                shiftRange(at);
            }
            return at;
        } else if (type == 0x42) {
            return at + 2; // index of an exception handler; those keep their indices
        } else if (type >= 0x43 && type <= 0x4B) {
            out.setU2(at, map.instruction(checked(u2(at))));
            return at + (type >= 0x47 ? 3 : 2);
        }
        throw DoesNotFit.malformed("a type annotation on code has the target " + type, -1);
    }

    private int annotation(int start, int depth) {
        int pairs = u2(start + 2);
        int at = start + 4;
        for (int i = 0; i < pairs; i++) {
            at = elementValue(at + 2, depth);
        }
        return at;
    }

    private int elementValue(int start, int depth) {
        if (depth > MAX_DEPTH) {
            throw DoesNotFit.malformed("annotations nest deeper than " + MAX_DEPTH, -1);
        }
        int tag = u1(start);
        if (tag == 'e') {
            return start + 5;
        } else if (tag == '@') {
            return annotation(start + 1, depth + 1);
        } else if (tag == '[') {
            int count = u2(start + 1);
            int at = start + 3;
            for (int i = 0; i < count; i++) {
                at = elementValue(at, depth + 1);
            }
            return at;
        }
        return start + 3;
    }

    private int u1(int at) {
        if (at >= end) {
            throw DoesNotFit.malformed("type annotations end within an item", -1);
        }
        return out.array()[at] & 0xff;
    }

    private int u2(int at) {
        return u1(at) << 8 | u1(at + 1);
    }
}

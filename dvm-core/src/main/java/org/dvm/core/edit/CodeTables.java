package org.dvm.core.edit;

/**
 * Copies the tables of a Code attribute that refer to the code, with every reference shifted; others as they are.
 *
 * @jvms 4.7.3
 */
final class CodeTables {
    /** Annotations nest at most so deep; what is deeper can't be read. */
    private static final int MAX_DEPTH = 256;

    private Output out = new Output();
    private CodeMap map = new CodeMap();
    private int codeLength;
    private int end;

    void start(Output out, CodeMap map, int codeLength) {
        this.out = out;
        this.map = map;
        this.codeLength = codeLength;
    }

    /** Copies a LineNumberTable's content. */
    void lineNumbers(byte[] bytes, int offset, int length) {
        int count = countOf(bytes, offset, length, 4);
        int at = out.size() + 2;
        out.put(bytes, offset, length);
        byte[] written = out.array();
        int[] shifts = map.labelShifts();
        for (int i = 0; i < count; i++, at += 4) {
            int bci = checked(Bytecode.u2(written, at));
            if (bci != 0) {
                Bytecode.setU2(written, at, bci + shifts[bci]);
            }
        }
    }

    /** Copies the content of a LocalVariableTable or LocalVariableTypeTable. */
    void localVariables(byte[] bytes, int offset, int length) {
        int count = countOf(bytes, offset, length, 10);
        int at = out.size() + 2;
        out.put(bytes, offset, length);
        for (int i = 0; i < count; i++, at += 10) {
            shiftRange(out.array(), at);
        }
    }

    /** Shifts a start_pc and a length that follow each other; a start reaches back over what is inserted at entry. */
    private void shiftRange(byte[] written, int at) {
        int start = checked(Bytecode.u2(written, at));
        int end = checked(start + Bytecode.u2(written, at + 2));
        int newStart = start == 0 ? 0 : map.label(start);
        Bytecode.setU2(written, at, newStart);
        Bytecode.setU2(written, at + 2, map.label(end) - newStart);
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
                shiftRange(out.array(), at);
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

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

    void start(Output out, CodeMap map) {
        this.out = out;
        this.map = map;
    }

    /** Copies an attribute of the code with its name and length, which shifting doesn't change. */
    void copy(OriginalCode code, int index) {
        codeLength = code.length;
        int length = code.attributeLength(index);
        out.put(code.bytes, code.attributeOffset(index) - 6, 6 + length);
        int content = out.size() - length;
        switch (code.attributeKind(index)) {
            case AttributeKinds.LINE_NUMBERS -> lineNumbers(content, length);
            case AttributeKinds.LOCAL_VARIABLES -> localVariables(content, length);
            case AttributeKinds.TYPE_ANNOTATIONS -> typeAnnotations(content, length);
            default -> {
                // it says nothing of the code
            }
        }
    }

    private void lineNumbers(int content, int length) {
        byte[] written = out.array();
        int end = endOf(written, content, length, 4);
        int[] shifts = map.labelShifts();
        for (int at = content + 2; at < end; at += 4) {
            int bci = checked(Bytecode.u2(written, at));
            if (bci != 0) {
                Bytecode.setU2(written, at, bci + shifts[bci]);
            }
        }
    }

    /** Shifts a LocalVariableTable or LocalVariableTypeTable. */
    private void localVariables(int content, int length) {
        byte[] written = out.array();
        int end = endOf(written, content, length, 10);
        for (int at = content + 2; at < end; at += 10) {
            shiftRange(written, at);
        }
    }

    /** Shifts a start_pc and a length that follow each other; a start reaches back over what is inserted at entry. */
    private void shiftRange(byte[] written, int at) {
        int start = checked(Bytecode.u2(written, at));
        int end = checked(start + Bytecode.u2(written, at + 2));
        int[] shifts = map.labelShifts();
        int newStart = start == 0 ? 0 : start + shifts[start];
        Bytecode.setU2(written, at, newStart);
        Bytecode.setU2(written, at + 2, end + shifts[end] - newStart);
    }

    /** Returns where a table ends, after checking that it fills its attribute. */
    private static int endOf(byte[] bytes, int content, int length, int size) {
        if (length < 2 || length != 2 + size * Bytecode.u2(bytes, content)) {
            throw DoesNotFit.malformed("a table's length doesn't fit its count", -1);
        }
        return content + length;
    }

    private int checked(int bci) {
        if (bci > codeLength) {
            throw DoesNotFit.malformed("a table points beyond the code", bci);
        }
        return bci;
    }

    // ---- type annotations ----

    private void typeAnnotations(int start, int length) {
        end = start + length;
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

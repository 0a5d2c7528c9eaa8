package org.dvm.core.edit;

/**
 * Shifts what the type annotations of a Code attribute say of the code; that takes reading them whole.
 *
 * @jvms 4.7.20
 */
final class TypeAnnotations {
    /** Annotations nest at most so deep; what is deeper can't be read. */
    private static final int MAX_DEPTH = 256;

    private final byte[] bytes;
    private final int end;
    private final Positions positions;
    private final TableShifter tables;

    private TypeAnnotations(byte[] bytes, int end, Positions positions, TableShifter tables) {
        this.bytes = bytes;
        this.end = end;
        this.positions = positions;
        this.tables = tables;
    }

    /**
     * Shifts the content of an attribute in place.
     *
     * @throws DoesNotFit if it is malformed
     */
    static void shift(byte[] bytes, int content, int length, Positions positions, TableShifter tables) {
        new TypeAnnotations(bytes, content + length, positions, tables).shiftFrom(content);
    }

    private void shiftFrom(int start) {
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
                if (!tables.shiftRange(bytes, at, positions)) {
                    throw DoesNotFit.malformed(tables.fault(), -1);
                }
            }
            return at;
        } else if (type == 0x42) {
            return at + 2; // index of an exception handler; those keep their indices
        } else if (type >= 0x43 && type <= 0x4B) {
            int bci = u2(at);
            if (bci > positions.codeLength()) {
                throw DoesNotFit.malformed("a type annotation points beyond the code", bci);
            }
            Bytecode.setU2(bytes, at, positions.instruction(bci));
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
        return bytes[at] & 0xff;
    }

    private int u2(int at) {
        return u1(at) << 8 | u1(at + 1);
    }
}

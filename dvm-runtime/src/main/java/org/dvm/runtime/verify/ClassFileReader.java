package org.dvm.runtime.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a class file's header and members, the exact way to the facts of a class that carries no table.
 *
 * @jvms 4.1
 */
final class ClassFileReader {
    private static final int CONSTANTS = 8;
    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    /** Length of a constant of each tag behind the tag; 0 where there is no such tag. */
    private static final int[] LENGTHS = {0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2};

    private final byte[] classFile;
    private final ByteReader in;
    private int[] constants = {};

    ClassFileReader(byte[] classFile) {
        this.classFile = classFile;
        this.in = new ByteReader(classFile, CONSTANTS);
    }

    FactTable read() {
        readConstants();
        int flags = in.u2();
        String name = className(in.u2());
        int superclass = in.u2();
        String[] interfaces = new String[in.u2()];
        for (int i = 0; i < interfaces.length; i++) {
            interfaces[i] = className(in.u2());
        }
        return new FactTable(
                flags,
                name,
                superclass == 0 ? null : className(superclass),
                List.of(interfaces),
                readMembers(),
                readMembers());
    }

    private void readConstants() {
        constants = new int[in.u2()];
        for (int i = 1; i < constants.length; i++) {
            constants[i] = in.at();
            int tag = in.u1();
            if (tag == UTF8) {
                in.skip(in.u2());
            } else if (tag < LENGTHS.length && LENGTHS[tag] > 0) {
                in.skip(LENGTHS[tag]);
            } else {
                throw new IndexOutOfBoundsException("no constant has tag " + tag);
            }
            if (tag == LONG || tag == DOUBLE) {
                i++; // takes two indices
            }
        }
    }

    private String className(int index) {
        ByteReader constant = constant(index, CLASS);
        return text(constant.u2());
    }

    private String text(int index) {
        return constant(index, UTF8).utf8();
    }

    private ByteReader constant(int index, int tag) {
        ByteReader constant = new ByteReader(classFile, constants[index]);
        if (constant.u1() != tag) {
            throw new IndexOutOfBoundsException("no constant of tag " + tag + " at " + index);
        }
        return constant;
    }

    private Map<String, Integer> readMembers() {
        int count = in.u2();
        Map<String, Integer> members = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int flags = in.u2();
            members.putIfAbsent(FactTable.key(text(in.u2()), text(in.u2())), flags);
            for (int attributes = in.u2(); attributes > 0; attributes--) {
                in.skip(2);
                in.skip(in.u4());
            }
        }
        return members;
    }
}

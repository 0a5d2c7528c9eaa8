package org.dvm.core.classfile;

import java.util.Arrays;

/**
 * Checks the tables of local variables of one Code attribute.
 *
 * @jvms 4.7.13
 * @jvms 4.7.14
 */
final class LocalVariables {
    /** Which of the two tables. */
    enum Kind {
        TYPE,
        SIGNATURE
    }

    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int ENTRY_SIZE = 10;
    private static final int[] NONE = {};

    private final RawClass raw;
    private final ConstantChecks constants;
    private final FormatReport report;
    private final int codeLength;
    private final int maxLocals;

    // Offsets of entries; their first six bytes and the last two tell them apart.
    private int[] types = NONE;
    private int typeCount;
    private int[] signatures = NONE;
    private int signatureCount;

    LocalVariables(RawClass raw, ConstantChecks constants, FormatReport report, int codeLength, int maxLocals) {
        this.raw = raw;
        this.constants = constants;
        this.report = report;
        this.codeLength = codeLength;
        this.maxLocals = maxLocals;
    }

    void checkTable(int offset, int length, Kind kind) {
        if (length < 2 || length != 2 + ENTRY_SIZE * raw.u2(offset)) {
            report.add(
                    FormatRule.ATTRIBUTE_LENGTH,
                    offset - 4,
                    "a table of local variables has " + length
                            + " bytes; its content asks for 2 and 10 for each variable");
            return;
        }
        int count = raw.u2(offset);
        reserve(kind, count);
        int at = offset + 2;
        for (; count > 0; count--) {
            checkEntry(at, kind);
            if (kind == Kind.TYPE) {
                types[typeCount++] = at;
            } else {
                signatures[signatureCount++] = at;
            }
            at += ENTRY_SIZE;
        }
    }

    private void reserve(Kind kind, int more) {
        if (kind == Kind.TYPE) {
            types = grown(types, typeCount + more);
        } else {
            signatures = grown(signatures, signatureCount + more);
        }
    }

    private static int[] grown(int[] array, int size) {
        return size <= array.length ? array : Arrays.copyOf(array, Math.max(size, 2 * array.length));
    }

    private void checkEntry(int at, Kind kind) {
        int start = raw.u2(at);
        int length = raw.u2(at + 2);
        int name = raw.u2(at + 4);
        int type = raw.u2(at + 6);
        int index = raw.u2(at + 8);
        if (start >= codeLength || start + length > codeLength) {
            add(at, "start_pc=" + start + " length=" + length + " is no range in " + codeLength + " bytes of code");
        }
        if (!constants.hasTag(name, RawClass.UTF8) || !constants.isFieldName(name)) {
            add(at + 4, "the name of a local variable is " + constants.described(name));
        }
        int slots = 1;
        if (!constants.hasTag(type, RawClass.UTF8) || kind == Kind.TYPE && !constants.isFieldDescriptor(type)) {
            add(at + 6, "the type of a local variable is " + constants.described(type));
        } else if (kind == Kind.TYPE && (constants.startsWith(type, 'J') || constants.startsWith(type, 'D'))) {
            slots = 2;
        }
        if (index + slots > maxLocals) {
            add(at + 8, "a local variable has the index " + index + " but max_locals=" + maxLocals);
        }
    }

    private void add(int offset, String message) {
        report.add(FormatRule.LOCAL_VARIABLES, offset, message);
    }

    /** Checks that no variable is described twice and that each signature belongs to a variable. */
    void checkDuplicates() {
        if (typeCount == 0 || typeCount == 1 && signatureCount == 0 || majorVersionIsOld()) {
            return;
        }
        LongSet variables = new LongSet(typeCount);
        for (int i = 0; i < typeCount; i++) {
            if (!variables.add(key(types[i]))) {
                add(types[i], "a local variable is described twice");
                return;
            }
        }
        if (signatureCount == 0) {
            return;
        }
        LongSet withSignature = new LongSet(signatureCount);
        for (int i = 0; i < signatureCount; i++) {
            long key = key(signatures[i]);
            if (!variables.contains(key)) {
                add(signatures[i], "a signature belongs to no entry of the LocalVariableTable");
                return;
            }
            if (!withSignature.add(key)) {
                add(signatures[i], "a local variable has two signatures");
                return;
            }
        }
    }

    private boolean majorVersionIsOld() {
        return raw.majorVersion() < MAJOR_OF_JAVA_5;
    }

    /** Returns start, length, name and index of an entry. */
    private long key(int at) {
        return (long) raw.s4(at) << 32 | (long) raw.u2(at + 4) << 16 | raw.u2(at + 8);
    }
}

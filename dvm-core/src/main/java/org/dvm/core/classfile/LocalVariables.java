package org.dvm.core.classfile;

import java.util.Arrays;

/**
 * Checks the tables of local variables of Code attributes, one code after the other.
 *
 * @jvms 4.7.13
 * @jvms 4.7.14
 */
final class LocalVariables {
    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int ENTRY_SIZE = 10;
    private static final int[] NONE = {};

    /** So many variables are compared with each other; more go into a set. */
    private static final int FEW = 12;

    private final RawClass raw;
    private final ConstantFacts constants;
    private final FormatReport report;
    private int codeLength;
    private int maxLocals;

    // Offsets of entries; their first six bytes and the last two tell them apart.
    private int[] types = NONE;
    private int typeCount;
    private int[] signatures = NONE;
    private int signatureCount;

    LocalVariables(RawClass raw, ConstantFacts constants, FormatReport report) {
        this.raw = raw;
        this.constants = constants;
        this.report = report;
    }

    /** Starts with another code. */
    void enterCode(int ofLength, int withLocals) {
        codeLength = ofLength;
        maxLocals = withLocals;
        typeCount = 0;
        signatureCount = 0;
    }

    /** Checks a LocalVariableTable. */
    void checkTypes(int offset, int length) {
        if (!hasLengthOfContent(offset, length)) {
            return;
        }
        int count = raw.u2(offset);
        types = grown(types, typeCount + count);
        for (int at = offset + 2; count > 0 && !report.isFull(); count--, at += ENTRY_SIZE) {
            int type = raw.u2(at + 6);
            boolean typed = constants.hasTag(type, RawClass.UTF8) && constants.isFieldDescriptor(type);
            checkEntry(at, typed, typed && isWide(type) ? 2 : 1);
            types[typeCount++] = at;
        }
    }

    /** Checks a LocalVariableTypeTable. */
    void checkSignatures(int offset, int length) {
        if (!hasLengthOfContent(offset, length)) {
            return;
        }
        int count = raw.u2(offset);
        signatures = grown(signatures, signatureCount + count);
        for (int at = offset + 2; count > 0 && !report.isFull(); count--, at += ENTRY_SIZE) {
            checkEntry(at, constants.hasTag(raw.u2(at + 6), RawClass.UTF8), 1);
            signatures[signatureCount++] = at;
        }
    }

    private boolean hasLengthOfContent(int offset, int length) {
        if (length >= 2 && length == 2 + ENTRY_SIZE * raw.u2(offset)) {
            return true;
        }
        report.add(
                FormatRule.ATTRIBUTE_LENGTH,
                offset - 4,
                "a table of local variables has " + length + " bytes; its content asks for 2 and 10 for each variable");
        return false;
    }

    private static int[] grown(int[] array, int size) {
        return size <= array.length ? array : Arrays.copyOf(array, Math.max(size, 2 * array.length));
    }

    private boolean isWide(int descriptor) {
        int first = raw.u1(constants.start(descriptor));
        return first == 'J' || first == 'D';
    }

    private void checkEntry(int at, boolean typed, int slots) {
        int start = raw.u2(at);
        int length = raw.u2(at + 2);
        int name = raw.u2(at + 4);
        int index = raw.u2(at + 8);
        if (start >= codeLength || start + length > codeLength) {
            add(at, "start_pc=" + start + " length=" + length + " is no range in " + codeLength + " bytes of code");
        }
        if (!constants.hasTag(name, RawClass.UTF8) || !constants.isFieldName(name)) {
            add(at + 4, "the name of a local variable is " + constants.described(name));
        }
        if (!typed) {
            add(at + 6, "the type of a local variable is " + constants.described(raw.u2(at + 6)));
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
        boolean unique = typeCount == 0 || typeCount == 1 && signatureCount == 0;
        if (unique || raw.majorVersion() < MAJOR_OF_JAVA_5) {
            return;
        }
        if (typeCount > FEW || signatureCount > FEW) {
            checkManyDuplicates();
            return;
        }
        int twice = firstTwice(types, typeCount);
        if (twice >= 0) {
            add(types[twice], "a local variable is described twice");
            return;
        }
        twice = firstTwice(signatures, signatureCount);
        for (int i = 0; i < signatureCount; i++) {
            if (indexOf(signatures[i], types, typeCount) < 0) {
                add(signatures[i], "a signature belongs to no entry of the LocalVariableTable");
                return;
            }
            if (i == twice) {
                add(signatures[i], "a local variable has two signatures");
                return;
            }
        }
    }

    private int firstTwice(int[] entries, int count) {
        for (int i = 1; i < count; i++) {
            if (indexOf(entries[i], entries, i) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Returns which of the first entries is about the variable of the wanted entry, -1 if none is. */
    private int indexOf(int wanted, int[] entries, int count) {
        long key = key(wanted);
        for (int i = 0; i < count; i++) {
            if (key(entries[i]) == key) {
                return i;
            }
        }
        return -1;
    }

    private void checkManyDuplicates() {
        LongSet variables = new LongSet(typeCount);
        for (int i = 0; i < typeCount; i++) {
            if (!variables.add(key(types[i]))) {
                add(types[i], "a local variable is described twice");
                return;
            }
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

    /** Returns start, length, name and index of an entry. */
    private long key(int at) {
        return (long) raw.s4(at) << 32 | (long) raw.u2(at + 4) << 16 | raw.u2(at + 8);
    }
}

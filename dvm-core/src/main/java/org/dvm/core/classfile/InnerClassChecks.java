package org.dvm.core.classfile;

import org.dvm.core.classfile.RawClass.Attribute;

/**
 * Checks an InnerClasses attribute.
 *
 * @jvms 4.7.6
 */
final class InnerClassChecks {
    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int ENTRY_SIZE = 8;
    private static final int RECOGNIZED = 0x763f;

    /** HotSpot's time grows with the square of the entries here; ours is bounded. */
    private static final int MAX_STEPS = 1_000_000;

    private final RawClass raw;
    private final ConstantFacts constants;
    private final FormatReport report;
    private final AttributeChecks attributeChecks;
    private final int majorVersion;

    InnerClassChecks(RawClass raw, ConstantFacts constants, FormatReport report, AttributeChecks attributeChecks) {
        this.raw = raw;
        this.constants = constants;
        this.report = report;
        this.attributeChecks = attributeChecks;
        this.majorVersion = raw.majorVersion();
    }

    void check(Attribute attribute) {
        int offset = attribute.offset();
        int left = raw.bytes().length - offset - 2;
        if (left < 0 || left < ENTRY_SIZE * raw.u2(offset)) {
            reportLength(attribute);
            return;
        }
        int count = raw.u2(offset);
        boolean sound = true;
        for (int i = 0; i < count && !report.isFull(); i++) {
            sound &= checkEntry(offset + 2 + ENTRY_SIZE * i);
        }
        if (sound && count > 1 && !report.isFull()) {
            checkDuplicates(offset + 2, count);
        }
        // HotSpot reads entries past the end of the attribute, and compares count and length afterwards, since version
        // 49.
        if (majorVersion >= MAJOR_OF_JAVA_5 && attribute.length() != 2 + ENTRY_SIZE * count) {
            reportLength(attribute);
        }
    }

    private void reportLength(Attribute attribute) {
        attributeChecks.reportLength(attribute, "InnerClasses", "2 and 8 for each class");
    }

    /** Returns whether the entry refers to the right kinds of constants. */
    private boolean checkEntry(int at) {
        int inner = raw.u2(at);
        int outer = raw.u2(at + 2);
        int name = raw.u2(at + 4);
        if (!constants.hasTag(inner, RawClass.CLASS)) {
            add(at, "inner_class_info_index is " + constants.described(inner) + " instead of a class");
            return false;
        }
        if (outer != 0 && !constants.hasTag(outer, RawClass.CLASS)) {
            add(at + 2, "outer_class_info_index is " + constants.described(outer) + " instead of a class");
            return false;
        }
        if (outer != 0 && constants.startsWith(raw.u2(raw.constantOffset(outer) + 1), '[')) {
            add(at + 2, "an outer class is an array type");
        }
        if (name != 0 && !constants.hasTag(name, RawClass.UTF8)) {
            add(at + 4, "inner_name_index is " + constants.described(name) + " instead of a Utf8 constant");
        }
        if (inner == outer) {
            add(at, "a class is its own outer class: " + constants.text(raw.u2(raw.constantOffset(inner) + 1)));
        }
        checkFlags(at + 6);
        return true;
    }

    private void checkFlags(int offset) {
        int flags = raw.u2(offset);
        if (ClassChecks.isModule(majorVersion, flags)) {
            report.add(FormatRule.MODULE_AS_INNER_CLASS, offset, "an inner class has the flag ACC_MODULE");
            return;
        }
        String fault = ClassChecks.faultOf(ClassChecks.effectiveFlags(flags, majorVersion), majorVersion);
        if (fault != null) {
            add(offset, "inner class flags 0x" + Integer.toHexString(flags) + ": " + fault);
        }
    }

    /**
     * Looks for two equal entries. HotSpot goes through the entries and forgets the whole attribute, without an error, as
     * soon as it meets a class that is inside of itself or two different entries for one class.
     */
    private void checkDuplicates(int start, int count) {
        if (majorVersion < MAJOR_OF_JAVA_5 || !namesAClassTwice(start, count)) {
            return;
        }
        int[] nextOfSameClass = new int[count];
        int[] later = new int[constants.count()]; // by class, the entry last seen plus 1
        for (int i = count - 1; i >= 0; i--) {
            int inner = raw.u2(start + ENTRY_SIZE * i);
            nextOfSameClass[i] = later[inner] - 1;
            later[inner] = i + 1;
        }
        OuterClasses outerClasses = new OuterClasses(start, count);
        for (int i = 0; i < count; i++) {
            int entry = start + ENTRY_SIZE * i;
            if (outerClasses.leadToCircle(entry)) {
                return;
            }
            if (nextOfSameClass[i] >= 0) {
                int next = start + ENTRY_SIZE * nextOfSameClass[i];
                if (isSame(entry, next)) {
                    add(next, "two equal entries");
                }
                return;
            }
        }
    }

    private boolean namesAClassTwice(int start, int count) {
        LongSet seen = new LongSet(count);
        for (int i = 0; i < count; i++) {
            if (!seen.add(raw.u2(start + ENTRY_SIZE * i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isSame(int first, int second) {
        return raw.u2(first) == raw.u2(second)
                && raw.u2(first + 2) == raw.u2(second + 2)
                && raw.u2(first + 4) == raw.u2(second + 4)
                && (raw.u2(first + 6) & RECOGNIZED) == (raw.u2(second + 6) & RECOGNIZED);
    }

    /** Follows classes to their outer classes, by name, as HotSpot does: with two steps against one. */
    private final class OuterClasses {
        private static final int NONE = -1;
        private static final int TOP_LEVEL = 0;

        private final TextIds ids = new TextIds(raw);
        private final int[] outerByInner = new int[constants.count()]; // plus 2; 0 where none is known
        private int steps;

        OuterClasses(int start, int count) {
            for (int i = 0; i < count; i++) {
                int entry = start + ENTRY_SIZE * i;
                int inner = ids.ofClass(raw.u2(entry));
                if (outerByInner[inner] == 0) {
                    outerByInner[inner] = outer(entry) + 2;
                }
            }
        }

        private int outer(int entry) {
            int outer = raw.u2(entry + 2);
            return outer == 0 ? TOP_LEVEL : ids.ofClass(outer);
        }

        private int outerOf(int name) {
            steps++;
            int outer = name == TOP_LEVEL || name == NONE ? 0 : outerByInner[name];
            return outer == 0 ? NONE : outer - 2;
        }

        boolean leadToCircle(int entry) {
            int slow = ids.ofClass(raw.u2(entry));
            int fast = outer(entry);
            while (fast != NONE && fast != TOP_LEVEL) {
                if (slow == fast) {
                    return true;
                }
                fast = outerOf(outerOf(fast));
                slow = outerOf(slow);
                if (steps > MAX_STEPS) {
                    add(entry, "classes are nested too deeply to be looked through");
                    return true;
                }
            }
            return false;
        }
    }

    private void add(int offset, String message) {
        report.add(FormatRule.INNER_CLASSES, offset, message);
    }
}

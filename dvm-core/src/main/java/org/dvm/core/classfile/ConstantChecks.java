package org.dvm.core.classfile;

import static org.dvm.core.classfile.FormatReport.quoted;

/**
 * Checks the constant pool, and answers the other checks' questions about constants.
 *
 * <p>What is found out about a Utf8 constant is kept in one int per constant, so that a name or descriptor that many
 * others refer to is looked at once:
 *
 * <pre>
 *  bits 0-9    is / isn't a class, field, method name, field, method descriptor; neither: not yet asked
 *  bits 10-18  slots of a method descriptor's arguments, 511 for more
 *  bits 19-24  the attribute of that name, as its ordinal plus 1; 0: not yet asked
 * </pre>
 *
 * @jvms 4.4
 */
final class ConstantChecks {
    private static final int IS_CLASS = 1;
    private static final int NO_CLASS = 1 << 1;
    private static final int IS_FIELD = 1 << 2;
    private static final int NO_FIELD = 1 << 3;
    private static final int IS_METHOD = 1 << 4;
    private static final int NO_METHOD = 1 << 5;
    private static final int IS_FIELD_DESCRIPTOR = 1 << 6;
    private static final int NO_FIELD_DESCRIPTOR = 1 << 7;
    private static final int IS_METHOD_DESCRIPTOR = 1 << 8;
    private static final int NO_METHOD_DESCRIPTOR = 1 << 9;
    private static final int SLOTS_SHIFT = 10;
    private static final int SLOTS_MASK = 0x1ff;
    private static final int ATTRIBUTE_SHIFT = 19;
    private static final int ATTRIBUTE_MASK = 0x3f;

    private static final int MAJOR_OF_JAVA_7 = 51;
    private static final int MAJOR_OF_JAVA_8 = 52;
    private static final int MAJOR_OF_JAVA_9 = 53;
    private static final int MAJOR_OF_JAVA_11 = 55;

    /** The first feature release whose HotSpot takes {@code <init>} with a result as an interface method's name. */
    private static final int RELEASE_WITH_LAX_INITIALIZER_TYPES = 18;

    private final RawClass raw;
    private final byte[] bytes;
    private final int[] facts;
    private final int majorVersion;
    private final int release;
    private final FormatReport report;
    private int highestBootstrapMethod = -1;
    private int moduleConstant;

    ConstantChecks(RawClass raw, JvmRelease release, FormatReport report) {
        this.raw = raw;
        this.bytes = raw.bytes();
        this.facts = new int[raw.constantCount()];
        this.majorVersion = raw.majorVersion();
        this.release = release.feature();
        this.report = report;
    }

    /** Checks each constant's tag and that what it refers to is of the right kind. */
    void checkReferences() {
        int count = facts.length;
        for (int i = 1; i < count; i++) {
            int offset = raw.constantOffset(i);
            if (offset == 0) {
                continue; // the second index of a long or double
            }
            switch (bytes[offset]) {
                case RawClass.UTF8:
                    checkUtf8(i, offset);
                    break;
                case RawClass.CLASS:
                case RawClass.STRING:
                    checkReference(i, offset + 1, RawClass.UTF8);
                    break;
                case RawClass.FIELD_REF:
                case RawClass.METHOD_REF:
                case RawClass.INTERFACE_METHOD_REF:
                    checkReference(i, offset + 1, RawClass.CLASS);
                    checkReference(i, offset + 3, RawClass.NAME_AND_TYPE);
                    break;
                case RawClass.NAME_AND_TYPE:
                    checkReference(i, offset + 1, RawClass.UTF8);
                    checkReference(i, offset + 3, RawClass.UTF8);
                    break;
                case RawClass.METHOD_TYPE:
                    checkVersion(i, offset, MAJOR_OF_JAVA_7);
                    checkReference(i, offset + 1, RawClass.UTF8);
                    break;
                case RawClass.METHOD_HANDLE:
                    checkVersion(i, offset, MAJOR_OF_JAVA_7);
                    checkHandle(i, offset);
                    break;
                case RawClass.DYNAMIC:
                case RawClass.INVOKE_DYNAMIC:
                    checkVersion(i, offset, bytes[offset] == RawClass.DYNAMIC ? MAJOR_OF_JAVA_11 : MAJOR_OF_JAVA_7);
                    checkReference(i, offset + 3, RawClass.NAME_AND_TYPE);
                    highestBootstrapMethod = Math.max(highestBootstrapMethod, raw.u2(offset + 1));
                    break;
                case RawClass.MODULE:
                case RawClass.PACKAGE:
                    checkVersion(i, offset, MAJOR_OF_JAVA_9);
                    checkReference(i, offset + 1, RawClass.UTF8);
                    moduleConstant = i;
                    break;
                default:
                    break; // a number: nothing can be wrong
            }
        }
    }

    private void checkUtf8(int index, int offset) {
        int start = offset + 3;
        int end = start + raw.u2(offset + 1);
        if (!ModifiedUtf8.isAscii(bytes, start, end) && !ModifiedUtf8.isLegal(bytes, start, end, majorVersion)) {
            report.add(FormatRule.UTF8, offset, "constant " + index + " isn't modified UTF-8");
        }
    }

    private void checkVersion(int index, int offset, int firstMajor) {
        if (majorVersion < firstMajor) {
            report.add(
                    FormatRule.CONSTANT_VERSION,
                    offset,
                    "constant " + index + " has the tag " + raw.u1(offset) + ", which class files have since version "
                            + firstMajor + "; this one has " + majorVersion);
        }
    }

    private void checkReference(int index, int offset, int tag) {
        int target = raw.u2(offset);
        if (!hasTag(target, tag)) {
            report.add(
                    FormatRule.CONSTANT_REFERENCE,
                    offset,
                    "constant " + index + " refers to " + described(target) + " instead of a constant of tag " + tag);
        }
    }

    private void checkHandle(int index, int offset) {
        int kind = raw.u1(offset + 1);
        int target = raw.u2(offset + 2);
        boolean fits;
        switch (kind) {
            case 1:
            case 2:
            case 3:
            case 4:
                fits = hasTag(target, RawClass.FIELD_REF);
                break;
            case 5:
            case 8:
                fits = hasTag(target, RawClass.METHOD_REF);
                break;
            case 6:
            case 7:
                fits = hasTag(target, RawClass.METHOD_REF)
                        || majorVersion >= MAJOR_OF_JAVA_8 && hasTag(target, RawClass.INTERFACE_METHOD_REF);
                break;
            case 9:
                fits = hasTag(target, RawClass.INTERFACE_METHOD_REF);
                break;
            default:
                report.add(FormatRule.METHOD_HANDLE, offset, "constant " + index + " has the reference_kind " + kind);
                return;
        }
        if (!fits) {
            report.add(
                    FormatRule.METHOD_HANDLE,
                    offset,
                    "constant " + index + " of reference_kind " + kind + " refers to " + described(target));
        }
    }

    /** Checks names and descriptors; all references have been found right. */
    void checkNames() {
        int count = facts.length;
        for (int i = 1; i < count; i++) {
            int offset = raw.constantOffset(i);
            if (offset == 0) {
                continue;
            }
            switch (bytes[offset]) {
                case RawClass.CLASS:
                    if (!isClassName(raw.u2(offset + 1))) {
                        report.add(
                                FormatRule.CLASS_NAME,
                                offset,
                                "constant " + i + " names no class: " + text(raw.u2(offset + 1)));
                    }
                    break;
                case RawClass.NAME_AND_TYPE:
                    checkNameAndType(i, offset);
                    break;
                case RawClass.METHOD_TYPE:
                    if (argumentSlots(raw.u2(offset + 1)) < 0) {
                        report.add(
                                FormatRule.METHOD_DESCRIPTOR,
                                offset,
                                "constant " + i + " is no method type: " + text(raw.u2(offset + 1)));
                    }
                    break;
                case RawClass.FIELD_REF:
                case RawClass.DYNAMIC:
                    if (startsWith(typeOf(offset), '(')) {
                        report.add(
                                FormatRule.FIELD_DESCRIPTOR,
                                offset,
                                "constant " + i + " has a method's type: " + text(typeOf(offset)));
                    }
                    break;
                case RawClass.METHOD_REF:
                case RawClass.INTERFACE_METHOD_REF:
                case RawClass.INVOKE_DYNAMIC:
                    checkMethodReference(i, offset);
                    break;
                case RawClass.METHOD_HANDLE:
                    checkHandleName(i, offset);
                    break;
                default:
                    break;
            }
        }
    }

    private void checkNameAndType(int index, int offset) {
        int name = raw.u2(offset + 1);
        int type = raw.u2(offset + 3);
        if (startsWith(type, '(')) {
            if (!isMethodName(name)) {
                report.add(FormatRule.METHOD_NAME, offset, "constant " + index + " has no method name: " + text(name));
            } else if (argumentSlots(type) < 0
                    || release < RELEASE_WITH_LAX_INITIALIZER_TYPES && startsWith(name, '<') && !isVoid(type)) {
                report.add(
                        FormatRule.METHOD_DESCRIPTOR,
                        offset,
                        "constant " + index + " has no type for the method " + text(name) + ": " + text(type));
            }
        } else if (!isFieldName(name)) {
            report.add(FormatRule.FIELD_NAME, offset, "constant " + index + " has no field name: " + text(name));
        } else if (!isFieldDescriptor(type)) {
            report.add(
                    FormatRule.FIELD_DESCRIPTOR,
                    offset,
                    "constant " + index + " has no type for " + text(name) + ": " + text(type));
        }
    }

    private void checkMethodReference(int index, int offset) {
        int type = typeOf(offset);
        if (!startsWith(type, '(')) {
            report.add(
                    FormatRule.METHOD_DESCRIPTOR, offset, "constant " + index + " has a field's type: " + text(type));
        } else if (bytes[offset] == RawClass.METHOD_REF && startsWith(nameOf(offset), '<')) {
            if (!isInitializer(nameOf(offset))) {
                report.add(
                        FormatRule.METHOD_NAME,
                        offset,
                        "constant " + index + " refers to a method that can't be called: " + text(nameOf(offset)));
            } else if (!isVoid(type)) {
                report.add(
                        FormatRule.METHOD_DESCRIPTOR,
                        offset,
                        "constant " + index + " refers to a constructor with a result: " + text(type));
            }
        }
    }

    private void checkHandleName(int index, int offset) {
        int kind = raw.u1(offset + 1);
        if (kind < 5 || kind == 9) {
            return;
        }
        int target = raw.constantOffset(raw.u2(offset + 2));
        boolean initializer = isInitializer(nameOf(target));
        if (initializer != (kind == 8) || initializer && !isVoid(typeOf(target))) {
            report.add(
                    FormatRule.METHOD_HANDLE,
                    offset,
                    "constant " + index + " of reference_kind " + kind + " refers to " + text(nameOf(target)));
        }
    }

    /** Returns the Utf8 constant that names what a reference at that offset refers to. */
    private int nameOf(int offset) {
        return raw.u2(raw.constantOffset(raw.u2(offset + 3)) + 1);
    }

    /** Returns the Utf8 constant with the descriptor of what a reference at that offset refers to. */
    private int typeOf(int offset) {
        return raw.u2(raw.constantOffset(raw.u2(offset + 3)) + 3);
    }

    /** Returns the highest index into the bootstrap methods that a constant uses, -1 if there is none. */
    int highestBootstrapMethod() {
        return highestBootstrapMethod;
    }

    /** Returns a constant that only module descriptors have, 0 if there is none. */
    int moduleConstant() {
        return moduleConstant;
    }

    boolean hasTag(int index, int tag) {
        return index < facts.length && raw.constantTag(index) == tag;
    }

    boolean isLoadable(int index) {
        if (index >= facts.length) {
            return false;
        }
        switch (raw.constantTag(index)) {
            case RawClass.INTEGER:
            case RawClass.FLOAT:
            case RawClass.LONG:
            case RawClass.DOUBLE:
            case RawClass.CLASS:
            case RawClass.STRING:
            case RawClass.METHOD_HANDLE:
            case RawClass.METHOD_TYPE:
            case RawClass.DYNAMIC:
                return true;
            default:
                return false;
        }
    }

    boolean isFieldName(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_FIELD | NO_FIELD)) == 0) {
            boolean is = Names.isFieldName(bytes, start(utf8), end(utf8), majorVersion);
            facts[utf8] = known | (is ? IS_FIELD : NO_FIELD);
            return is;
        }
        return (known & IS_FIELD) != 0;
    }

    boolean isMethodName(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_METHOD | NO_METHOD)) == 0) {
            boolean is = Names.isMethodName(bytes, start(utf8), end(utf8), majorVersion);
            facts[utf8] = known | (is ? IS_METHOD : NO_METHOD);
            return is;
        }
        return (known & IS_METHOD) != 0;
    }

    boolean isInitializer(int utf8) {
        return Names.isInitializer(bytes, start(utf8), end(utf8));
    }

    boolean isClassInitializer(int utf8) {
        return Names.isClassInitializer(bytes, start(utf8), end(utf8));
    }

    private boolean isClassName(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_CLASS | NO_CLASS)) == 0) {
            boolean is = Names.isClassName(bytes, start(utf8), end(utf8), majorVersion);
            facts[utf8] = known | (is ? IS_CLASS : NO_CLASS);
            return is;
        }
        return (known & IS_CLASS) != 0;
    }

    boolean isFieldDescriptor(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_FIELD_DESCRIPTOR | NO_FIELD_DESCRIPTOR)) == 0) {
            boolean is = Names.isFieldDescriptor(bytes, start(utf8), end(utf8), majorVersion);
            facts[utf8] = known | (is ? IS_FIELD_DESCRIPTOR : NO_FIELD_DESCRIPTOR);
            return is;
        }
        return (known & IS_FIELD_DESCRIPTOR) != 0;
    }

    /** Returns how many slots a method descriptor's arguments take, more than 255 as 511, -1 if it is none. */
    int argumentSlots(int utf8) {
        int known = facts[utf8];
        if ((known & (IS_METHOD_DESCRIPTOR | NO_METHOD_DESCRIPTOR)) == 0) {
            int slots = Names.argumentSlots(bytes, start(utf8), end(utf8), majorVersion);
            facts[utf8] = known | (slots < 0 ? NO_METHOD_DESCRIPTOR : IS_METHOD_DESCRIPTOR | slots << SLOTS_SHIFT);
            return slots;
        }
        return (known & IS_METHOD_DESCRIPTOR) == 0 ? -1 : known >>> SLOTS_SHIFT & SLOTS_MASK;
    }

    AttributeName attributeName(int utf8) {
        int known = facts[utf8];
        int ordinal = known >>> ATTRIBUTE_SHIFT & ATTRIBUTE_MASK;
        if (ordinal == 0) {
            AttributeName name = AttributeName.of(bytes, start(utf8), end(utf8) - start(utf8));
            facts[utf8] = known | name.ordinal() + 1 << ATTRIBUTE_SHIFT;
            return name;
        }
        return AttributeName.of(ordinal - 1);
    }

    boolean startsWith(int utf8, char first) {
        int offset = raw.constantOffset(utf8);
        return raw.u2(offset + 1) > 0 && bytes[offset + 3] == first;
    }

    /** Returns whether a method descriptor ends with void. */
    boolean isVoid(int utf8) {
        int end = end(utf8);
        return end > start(utf8) && bytes[end - 1] == 'V';
    }

    int start(int utf8) {
        return raw.constantOffset(utf8) + 3;
    }

    int end(int utf8) {
        int offset = raw.constantOffset(utf8);
        return offset + 3 + raw.u2(offset + 1);
    }

    String text(int utf8) {
        return quoted(raw.utf8(utf8));
    }

    /** Returns what stands at an index that should be a constant of some kind. */
    String described(int index) {
        if (index == 0 || index >= facts.length) {
            return "constant " + index + " (there are 1 to " + (facts.length - 1) + ")";
        }
        int tag = raw.constantTag(index);
        return "constant " + index + (tag == 0 ? " (the second half of a long or double)" : " (of tag " + tag + ")");
    }
}

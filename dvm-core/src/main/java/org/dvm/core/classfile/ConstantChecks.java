package org.dvm.core.classfile;

/**
 * Checks the constant pool.
 *
 * <p>The pool of nearly every class is sound, and {@link #isSound} finds that out quickly. Of one that isn't,
 * {@link #reportReferences} and {@link #reportNames} say what is wrong, in the order in which HotSpot reads.
 *
 * @jvms 4.4
 */
final class ConstantChecks {
    private static final int MAJOR_OF_JAVA_7 = 51;
    private static final int MAJOR_OF_JAVA_8 = 52;
    private static final int MAJOR_OF_JAVA_9 = 53;
    private static final int MAJOR_OF_JAVA_11 = 55;

    /** The first feature release whose HotSpot takes {@code <init>} with a result as an interface method's name. */
    private static final int RELEASE_WITH_LAX_INITIALIZER_TYPES = 18;

    private final RawClass raw;
    private final byte[] bytes;
    private final ConstantFacts constants;
    private final FormatReport report;
    private final int majorVersion;
    private final int release;
    private int highestBootstrapMethod = -1;
    private int moduleConstant;

    ConstantChecks(RawClass raw, ConstantFacts constants, JvmRelease release, FormatReport report) {
        this.raw = raw;
        this.bytes = raw.bytes();
        this.constants = constants;
        this.report = report;
        this.majorVersion = raw.majorVersion();
        this.release = release.feature();
    }

    // Hot path: few loops with few branches on the tag, since tags come in no order that a processor could learn.

    /**
     * Returns whether all references and names are certainly right. Texts that are no names aren't looked at; nor is
     * a module descriptor's pool, which never is sound here.
     */
    boolean isSound() {
        ConstantFacts constants = this.constants;
        int count = constants.count();
        for (int i = 1; i < count; i++) {
            int tag = constants.tag(i);
            if (tag == RawClass.CLASS && !isSoundClass(constants.offset(i))
                    || tag == RawClass.NAME_AND_TYPE && !isSoundNameAndType(i)) {
                return false;
            }
        }
        boolean handles = false;
        for (int i = 1; i < count; i++) {
            int tag = constants.tag(i);
            handles |= tag == RawClass.METHOD_HANDLE;
            if (tag > RawClass.CLASS && tag != RawClass.NAME_AND_TYPE && !refersToSound(constants.offset(i), tag)) {
                return false;
            }
        }
        return !handles || doHandlesFit();
    }

    /** Returns whether method handles refer to methods of the right names; all else is sound. */
    private boolean doHandlesFit() {
        int count = constants.count();
        for (int i = 1; i < count; i++) {
            if (constants.tag(i) == RawClass.METHOD_HANDLE && !handleFits(constants.offset(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isSoundClass(int offset) {
        return constants.tagAt(offset + 1) == RawClass.UTF8 && constants.isClassName(raw.u2(offset + 1));
    }

    private boolean isSoundNameAndType(int index) {
        int offset = constants.offset(index);
        if (constants.tagAt(offset + 1) != RawClass.UTF8 || constants.tagAt(offset + 3) != RawClass.UTF8) {
            return false;
        }
        int name = raw.u2(offset + 1);
        int type = raw.u2(offset + 3);
        if (constants.startsWith(type, '(')) {
            constants.noteMethod(index, name);
            return constants.isMethodName(name) && constants.argumentSlots(type) >= 0 && !isOddInitializer(name, type);
        }
        return constants.isFieldName(name) && constants.isFieldDescriptor(type);
    }

    /** Returns whether a constant is right, but for a method handle's name; the Class and NameAndType constants are. */
    private boolean refersToSound(int offset, int tag) {
        if (tag == RawClass.STRING) {
            return constants.tagAt(offset + 1) == RawClass.UTF8;
        }
        if (tag > RawClass.NAME_AND_TYPE) {
            return isSoundSinceJava7(offset, tag);
        }
        return constants.tagAt(offset + 1) == RawClass.CLASS
                && constants.tagAt(offset + 3) == RawClass.NAME_AND_TYPE
                && refersToSoundMember(offset);
    }

    private boolean refersToSoundMember(int offset) {
        int nameAndType = raw.u2(offset + 3);
        boolean method = constants.isOfMethod(nameAndType);
        return method != (bytes[offset] == RawClass.FIELD_REF)
                && (!constants.isOfInitializer(nameAndType)
                        || bytes[offset] != RawClass.METHOD_REF
                        || constants.isInitializer(nameOf(offset)) && constants.isVoid(typeOf(offset)));
    }

    private boolean isSoundSinceJava7(int offset, int tag) {
        if (majorVersion < firstMajor(tag)) {
            return false;
        }
        switch (tag) {
            case RawClass.METHOD_TYPE:
                return constants.tagAt(offset + 1) == RawClass.UTF8 && constants.argumentSlots(raw.u2(offset + 1)) >= 0;
            case RawClass.METHOD_HANDLE:
                return isHandleKind(offset) && refersRightly(offset);
            case RawClass.DYNAMIC:
            case RawClass.INVOKE_DYNAMIC:
                noteBootstrapMethod(offset);
                return constants.tagAt(offset + 3) == RawClass.NAME_AND_TYPE
                        && constants.isOfMethod(raw.u2(offset + 3)) == (tag == RawClass.INVOKE_DYNAMIC);
            default:
                return false; // only module descriptors have it
        }
    }

    private void noteBootstrapMethod(int offset) {
        highestBootstrapMethod = Math.max(highestBootstrapMethod, raw.u2(offset + 1));
    }

    // Not hot: something is wrong, or the pool is a module descriptor's.

    /** Reports constants that the version hasn't, malformed texts, and references to the wrong kind of constant. */
    void reportReferences() {
        int count = constants.count();
        for (int i = 1; i < count; i++) {
            int offset = constants.offset(i);
            checkVersion(i, offset, firstMajor(constants.tag(i)));
            switch (constants.tag(i)) {
                case RawClass.UTF8:
                    if (!constants.isLegalText(i)) {
                        report.add(FormatRule.UTF8, offset, "constant " + i + " isn't modified UTF-8");
                    }
                    break;
                case RawClass.CLASS:
                case RawClass.STRING:
                case RawClass.METHOD_TYPE:
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
                case RawClass.METHOD_HANDLE:
                    checkHandle(i, offset);
                    break;
                case RawClass.DYNAMIC:
                case RawClass.INVOKE_DYNAMIC:
                    checkReference(i, offset + 3, RawClass.NAME_AND_TYPE);
                    noteBootstrapMethod(offset);
                    break;
                case RawClass.MODULE:
                case RawClass.PACKAGE:
                    checkReference(i, offset + 1, RawClass.UTF8);
                    moduleConstant = i;
                    break;
                default:
                    break; // a number: nothing can be wrong
            }
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
        if (!constants.hasTag(target, tag)) {
            report.add(
                    FormatRule.CONSTANT_REFERENCE,
                    offset,
                    "constant " + index + " refers to " + constants.described(target) + " instead of a constant of tag "
                            + tag);
        }
    }

    private void checkHandle(int index, int offset) {
        int kind = raw.u1(offset + 1);
        if (!isHandleKind(offset)) {
            report.add(FormatRule.METHOD_HANDLE, offset, "constant " + index + " has the reference_kind " + kind);
        } else if (!refersRightly(offset)) {
            report.add(
                    FormatRule.METHOD_HANDLE,
                    offset,
                    "constant " + index + " of reference_kind " + kind + " refers to "
                            + constants.described(raw.u2(offset + 2)));
        }
    }

    private boolean isHandleKind(int handle) {
        int kind = raw.u1(handle + 1);
        return kind >= 1 && kind <= 9;
    }

    /** Returns whether a method handle refers to the kind of constant that its own kind demands. */
    private boolean refersRightly(int handle) {
        int target = constants.tagAt(handle + 2);
        switch (raw.u1(handle + 1)) {
            case 1:
            case 2:
            case 3:
            case 4:
                return target == RawClass.FIELD_REF;
            case 5:
            case 8:
                return target == RawClass.METHOD_REF;
            case 6:
            case 7:
                return target == RawClass.METHOD_REF
                        || majorVersion >= MAJOR_OF_JAVA_8 && target == RawClass.INTERFACE_METHOD_REF;
            default:
                return target == RawClass.INTERFACE_METHOD_REF;
        }
    }

    /** Returns the first version whose class files have constants of that tag. */
    private static int firstMajor(int tag) {
        switch (tag) {
            case RawClass.METHOD_HANDLE:
            case RawClass.METHOD_TYPE:
            case RawClass.INVOKE_DYNAMIC:
                return MAJOR_OF_JAVA_7;
            case RawClass.DYNAMIC:
                return MAJOR_OF_JAVA_11;
            case RawClass.MODULE:
            case RawClass.PACKAGE:
                return MAJOR_OF_JAVA_9;
            default:
                return 0;
        }
    }

    /** Reports what is no name or descriptor; all references have been found right. */
    void reportNames() {
        int count = constants.count();
        for (int i = 1; i < count; i++) {
            int offset = constants.offset(i);
            switch (constants.tag(i)) {
                case RawClass.CLASS:
                    if (!constants.isClassName(raw.u2(offset + 1))) {
                        report.add(
                                FormatRule.CLASS_NAME,
                                offset,
                                "constant " + i + " names no class: " + constants.text(raw.u2(offset + 1)));
                    }
                    break;
                case RawClass.NAME_AND_TYPE:
                    checkNameAndType(i, offset);
                    break;
                case RawClass.METHOD_TYPE:
                    if (constants.argumentSlots(raw.u2(offset + 1)) < 0) {
                        report.add(
                                FormatRule.METHOD_DESCRIPTOR,
                                offset,
                                "constant " + i + " is no method type: " + constants.text(raw.u2(offset + 1)));
                    }
                    break;
                case RawClass.FIELD_REF:
                case RawClass.DYNAMIC:
                    if (constants.startsWith(typeOf(offset), '(')) {
                        report.add(
                                FormatRule.FIELD_DESCRIPTOR,
                                offset,
                                "constant " + i + " has a method's type: " + constants.text(typeOf(offset)));
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
        if (constants.startsWith(type, '(')) {
            if (!constants.isMethodName(name)) {
                report.add(
                        FormatRule.METHOD_NAME,
                        offset,
                        "constant " + index + " has no method name: " + constants.text(name));
            } else if (constants.argumentSlots(type) < 0 || isOddInitializer(name, type)) {
                report.add(
                        FormatRule.METHOD_DESCRIPTOR,
                        offset,
                        "constant " + index + " has no type for the method " + constants.text(name) + ": "
                                + constants.text(type));
            }
        } else if (!constants.isFieldName(name)) {
            report.add(
                    FormatRule.FIELD_NAME, offset, "constant " + index + " has no field name: " + constants.text(name));
        } else if (!constants.isFieldDescriptor(type)) {
            report.add(
                    FormatRule.FIELD_DESCRIPTOR,
                    offset,
                    "constant " + index + " has no type for " + constants.text(name) + ": " + constants.text(type));
        }
    }

    private void checkMethodReference(int index, int offset) {
        int type = typeOf(offset);
        if (!constants.startsWith(type, '(')) {
            report.add(
                    FormatRule.METHOD_DESCRIPTOR,
                    offset,
                    "constant " + index + " has a field's type: " + constants.text(type));
        } else if (bytes[offset] == RawClass.METHOD_REF && constants.startsWith(nameOf(offset), '<')) {
            if (!constants.isInitializer(nameOf(offset))) {
                report.add(
                        FormatRule.METHOD_NAME,
                        offset,
                        "constant " + index + " refers to a method that can't be called: "
                                + constants.text(nameOf(offset)));
            } else if (!constants.isVoid(type)) {
                report.add(
                        FormatRule.METHOD_DESCRIPTOR,
                        offset,
                        "constant " + index + " refers to a constructor with a result: " + constants.text(type));
            }
        }
    }

    /**
     * Returns whether a method has an initializer's name but a result, or a class initializer's but parameters; newer JVMs
     * only mind where it is referred to.
     */
    private boolean isOddInitializer(int name, int type) {
        if (release >= RELEASE_WITH_LAX_INITIALIZER_TYPES || !constants.startsWith(name, '<')) {
            return false;
        }
        boolean takesArguments = majorVersion >= MAJOR_OF_JAVA_7
                && constants.isClassInitializer(name)
                && constants.argumentSlots(type) > 0;
        return takesArguments || !constants.isVoid(type);
    }

    private void checkHandleName(int index, int offset) {
        if (!handleFits(offset)) {
            report.add(
                    FormatRule.METHOD_HANDLE,
                    offset,
                    "constant " + index + " of reference_kind " + raw.u1(offset + 1) + " refers to "
                            + constants.text(nameOf(constants.offset(raw.u2(offset + 2)))));
        }
    }

    /** Returns whether just the method handles that make objects refer to constructors. */
    private boolean handleFits(int handle) {
        int kind = raw.u1(handle + 1);
        if (kind < 5 || kind == 9) {
            return true;
        }
        int target = constants.offset(raw.u2(handle + 2));
        boolean initializer = constants.isInitializer(nameOf(target));
        return initializer == (kind == 8) && (!initializer || constants.isVoid(typeOf(target)));
    }

    /** Returns the Utf8 constant that names what a reference at that offset refers to. */
    private int nameOf(int offset) {
        return raw.u2(constants.offset(raw.u2(offset + 3)) + 1);
    }

    /** Returns the Utf8 constant with the descriptor of what a reference at that offset refers to. */
    private int typeOf(int offset) {
        return raw.u2(constants.offset(raw.u2(offset + 3)) + 3);
    }

    /** Returns the highest index into the bootstrap methods that a constant uses, -1 if there is none. */
    int highestBootstrapMethod() {
        return highestBootstrapMethod;
    }

    /** Returns a constant that only module descriptors have, 0 if there is none. */
    int moduleConstant() {
        return moduleConstant;
    }
}

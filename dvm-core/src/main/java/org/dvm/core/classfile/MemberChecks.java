package org.dvm.core.classfile;

import static org.dvm.core.classfile.ClassChecks.ABSTRACT;
import static org.dvm.core.classfile.ClassChecks.ENUM;
import static org.dvm.core.classfile.ClassChecks.FINAL;
import static org.dvm.core.classfile.ClassChecks.INTERFACE;
import static org.dvm.core.classfile.ClassChecks.PRIVATE;
import static org.dvm.core.classfile.ClassChecks.PROTECTED;
import static org.dvm.core.classfile.ClassChecks.PUBLIC;
import static org.dvm.core.classfile.ClassChecks.STATIC;

import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;
import org.jspecify.annotations.Nullable;

/**
 * Checks fields and methods: names, descriptors, flags and attributes.
 *
 * @jvms 4.5
 * @jvms 4.6
 */
final class MemberChecks {
    private static final int SYNCHRONIZED = 0x0020;
    private static final int VOLATILE = 0x0040;
    private static final int BRIDGE = 0x0040;
    private static final int TRANSIENT = 0x0080;
    private static final int NATIVE = 0x0100;
    private static final int STRICT = 0x0800;

    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int MAJOR_OF_JAVA_7 = 51;
    private static final int MAJOR_OF_JAVA_8 = 52;
    private static final int MAJOR_OF_JAVA_17 = 61;
    private static final int MAX_ARGUMENT_SLOTS = 255;

    /** Attributes since version 49 that a field or method has at most once. */
    private static final long ONCE_SINCE_5 = AttributeName.bit(AttributeName.SIGNATURE)
            | AttributeName.bit(AttributeName.RUNTIME_VISIBLE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_INVISIBLE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_VISIBLE_TYPE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_INVISIBLE_TYPE_ANNOTATIONS);

    private static final long ONCE_IN_METHOD_SINCE_5 = ONCE_SINCE_5
            | AttributeName.bit(AttributeName.RUNTIME_VISIBLE_PARAMETER_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_INVISIBLE_PARAMETER_ANNOTATIONS)
            | AttributeName.bit(AttributeName.ANNOTATION_DEFAULT);

    private static final long ONCE_IN_METHOD = AttributeName.bit(AttributeName.CODE)
            | AttributeName.bit(AttributeName.EXCEPTIONS)
            | AttributeName.bit(AttributeName.METHOD_PARAMETERS);

    private final RawClass raw;
    private final ConstantFacts constants;
    private final FormatReport report;
    private final AttributeChecks attributeChecks;
    private final int majorVersion;
    private final boolean inInterface;

    MemberChecks(RawClass raw, ConstantFacts constants, FormatReport report, int classFlags) {
        this.raw = raw;
        this.constants = constants;
        this.report = report;
        this.attributeChecks = new AttributeChecks(raw, constants, report);
        this.majorVersion = raw.majorVersion();
        this.inInterface = (classFlags & INTERFACE) != 0;
    }

    void check() {
        Member[] fields = raw.fields();
        for (int i = 0; i < fields.length && !report.isFull(); i++) {
            report.enterMember(fields[i]);
            checkField(fields[i]);
        }
        report.enterMember(null);
        Member twin = DuplicateMembers.find(raw, constants, fields);
        if (twin != null) {
            reportDuplicate(FormatRule.DUPLICATE_FIELD, twin);
        }
        Member[] methods = raw.methods();
        CodeChecks codeChecks = new CodeChecks(raw, constants, report);
        for (int i = 0; i < methods.length && !report.isFull(); i++) {
            report.enterMember(methods[i]);
            checkMethod(methods[i], codeChecks);
        }
        report.enterMember(null);
        twin = DuplicateMembers.find(raw, constants, methods);
        if (twin != null) {
            reportDuplicate(FormatRule.DUPLICATE_METHOD, twin);
        }
    }

    private void reportDuplicate(FormatRule rule, Member duplicate) {
        report.enterMember(duplicate);
        report.add(rule, duplicate.offset(), "another member before it has the same name and descriptor");
        report.enterMember(null);
    }

    private void checkField(Member field) {
        int offset = field.offset();
        int flags = raw.u2(offset);
        String fault = faultOfField(flags);
        if (fault != null) {
            report.add(FormatRule.FIELD_FLAGS, offset, "field flags 0x" + Integer.toHexString(flags) + ": " + fault);
        }
        if (!constants.isFieldName(raw.u2(offset + 2))) {
            report.add(FormatRule.FIELD_NAME, offset + 2, "no field name: " + constants.text(raw.u2(offset + 2)));
        }
        int descriptor = raw.u2(offset + 4);
        if (!constants.isFieldDescriptor(descriptor)) {
            report.add(FormatRule.FIELD_DESCRIPTOR, offset + 4, "no field type: " + constants.text(descriptor));
        }
        boolean isStatic = (flags & STATIC) != 0;
        long seen = 0;
        for (Attribute attribute : field.attributes()) {
            int name = constants.attributeName(attribute.nameIndex());
            boolean constantValue = isStatic && name == AttributeName.CONSTANT_VALUE;
            long once = (constantValue ? AttributeName.bit(name) : 0)
                    | (majorVersion >= MAJOR_OF_JAVA_5 ? ONCE_SINCE_5 : 0);
            if ((once & seen & AttributeName.bit(name)) != 0) {
                attributeChecks.reportSecond(attribute, name);
            }
            seen |= AttributeName.bit(name);
            if (constantValue) {
                checkConstantValue(attribute, descriptor);
            } else {
                attributeChecks.checkCommon(attribute, name);
            }
        }
    }

    private @Nullable String faultOfField(int flags) {
        if (!inInterface) {
            if (hasSeveralVisibilities(flags)) {
                return "more than one of public, protected and private";
            }
            return (flags & FINAL) != 0 && (flags & VOLATILE) != 0 ? "final and volatile" : null;
        }
        int required = PUBLIC | STATIC | FINAL;
        int forbidden = PRIVATE | PROTECTED | VOLATILE | TRANSIENT | (majorVersion >= MAJOR_OF_JAVA_5 ? ENUM : 0);
        boolean legal = (flags & required) == required && (flags & forbidden) == 0;
        return legal ? null : "an interface's field must be public static final and nothing else";
    }

    /** HotSpot looks at a constant value of static fields only. */
    private void checkConstantValue(Attribute attribute, int descriptor) {
        if (attribute.length() != 2) {
            attributeChecks.reportLength(attribute, "ConstantValue", "2");
            return;
        }
        if (!constants.isFieldDescriptor(descriptor)) {
            return; // reported; there is no type to compare with
        }
        int index = raw.u2(attribute.offset());
        boolean fits;
        switch (raw.u1(constants.start(descriptor))) {
            case 'J':
                fits = constants.hasTag(index, RawClass.LONG);
                break;
            case 'F':
                fits = constants.hasTag(index, RawClass.FLOAT);
                break;
            case 'D':
                fits = constants.hasTag(index, RawClass.DOUBLE);
                break;
            case 'L':
                fits = constants.hasTag(index, RawClass.STRING)
                        && raw.utf8(descriptor).equals("Ljava/lang/String;");
                break;
            case '[':
                fits = false;
                break;
            default:
                fits = constants.hasTag(index, RawClass.INTEGER);
                break;
        }
        if (!fits) {
            report.add(
                    FormatRule.CONSTANT_VALUE,
                    attribute.offset(),
                    "a field of type " + constants.text(descriptor) + " can't have the value of "
                            + constants.described(index));
        }
    }

    private void checkMethod(Member method, CodeChecks codeChecks) {
        int offset = method.offset();
        int name = raw.u2(offset + 2);
        int descriptor = raw.u2(offset + 4);
        if (!constants.isMethodName(name)) {
            report.add(FormatRule.METHOD_NAME, offset + 2, "no method name: " + constants.text(name));
        }
        boolean special = constants.startsWith(name, '<');
        int flags = checkMethodFlags(offset, name, special);
        int slots = checkMethodDescriptor(offset, name, descriptor, special, flags);
        int codeCount = 0;
        long seen = 0;
        for (Attribute attribute : method.attributes()) {
            int attributeName = constants.attributeName(attribute.nameIndex());
            long once = ONCE_IN_METHOD | (majorVersion >= MAJOR_OF_JAVA_5 ? ONCE_IN_METHOD_SINCE_5 : 0);
            if ((once & seen & AttributeName.bit(attributeName)) != 0) {
                attributeChecks.reportSecond(attribute, attributeName);
            }
            seen |= AttributeName.bit(attributeName);
            switch (attributeName) {
                case AttributeName.CODE:
                    codeCount++;
                    codeChecks.check(attribute, slots);
                    break;
                case AttributeName.EXCEPTIONS:
                    attributeChecks.checkClassList(attribute, attributeName);
                    break;
                case AttributeName.METHOD_PARAMETERS:
                    checkMethodParameters(attribute);
                    break;
                default:
                    attributeChecks.checkCommon(attribute, attributeName);
                    break;
            }
        }
        boolean withoutCode = (flags & (NATIVE | ABSTRACT)) != 0;
        if (withoutCode != (codeCount == 0)) {
            report.add(
                    FormatRule.CODE,
                    offset,
                    withoutCode
                            ? "a native or abstract method has a Code attribute"
                            : "a method that is neither native nor abstract has no Code attribute");
        }
    }

    /** Returns the flags that count. */
    private int checkMethodFlags(int offset, int name, boolean special) {
        int flags = raw.u2(offset);
        if (special && constants.isClassInitializer(name)) {
            if (majorVersion >= MAJOR_OF_JAVA_7 && (flags & STATIC) == 0) {
                report.add(FormatRule.INITIALIZER, offset, "<clinit> must be static");
            }
            return STATIC;
        }
        boolean initializer = special && constants.isInitializer(name);
        String fault = inInterface ? faultOfInterfaceMethod(flags) : faultOfMethod(flags, initializer);
        if (fault != null) {
            report.add(FormatRule.METHOD_FLAGS, offset, "method flags 0x" + Integer.toHexString(flags) + ": " + fault);
        }
        if (initializer && inInterface) {
            report.add(FormatRule.INITIALIZER, offset, "an interface can't have a constructor");
        }
        return flags;
    }

    private @Nullable String faultOfInterfaceMethod(int flags) {
        if (majorVersion >= MAJOR_OF_JAVA_8) {
            boolean isPublic = (flags & PUBLIC) != 0;
            if (isPublic == ((flags & PRIVATE) != 0)) {
                return "an interface's method must be either public or private";
            }
            if ((flags & (NATIVE | PROTECTED | FINAL | SYNCHRONIZED)) != 0) {
                return "an interface's method can't be native, protected, final or synchronized";
            }
            int unfitForAbstract = PRIVATE | STATIC | (majorVersion < MAJOR_OF_JAVA_17 ? STRICT : 0);
            return (flags & ABSTRACT) != 0 && (flags & unfitForAbstract) != 0
                    ? "an abstract method can't be private, static or strictfp"
                    : null;
        }
        int required = PUBLIC | ABSTRACT;
        int forbidden = STATIC | FINAL | NATIVE;
        if (majorVersion >= MAJOR_OF_JAVA_5) {
            forbidden |= PRIVATE | PROTECTED | SYNCHRONIZED | STRICT;
        }
        boolean legal = (flags & required) == required && (flags & forbidden) == 0;
        return legal ? null : "before version 52 an interface's method must be public abstract and nothing else";
    }

    private @Nullable String faultOfMethod(int flags, boolean initializer) {
        if (hasSeveralVisibilities(flags)) {
            return "more than one of public, protected and private";
        }
        boolean since5 = majorVersion >= MAJOR_OF_JAVA_5;
        if (initializer) {
            int forbidden = STATIC | FINAL | SYNCHRONIZED | NATIVE | ABSTRACT | (since5 ? BRIDGE : 0);
            return (flags & forbidden) == 0
                    ? null
                    : "a constructor can't be static, final, synchronized, native, abstract or a bridge";
        }
        int unfitForAbstract = FINAL | NATIVE | PRIVATE | STATIC;
        if (since5) {
            unfitForAbstract |= SYNCHRONIZED | (majorVersion < MAJOR_OF_JAVA_17 ? STRICT : 0);
        }
        return (flags & ABSTRACT) != 0 && (flags & unfitForAbstract) != 0
                ? "an abstract method can't be final, native, private, static, synchronized or strictfp"
                : null;
    }

    private static boolean hasSeveralVisibilities(int flags) {
        return Integer.bitCount(flags & (PUBLIC | PROTECTED | PRIVATE)) > 1;
    }

    /** Returns how many slots the arguments take with {@code this}, 0 if the descriptor is none. */
    private int checkMethodDescriptor(int offset, int name, int descriptor, boolean special, int flags) {
        if (special) {
            boolean classInitializer = constants.isClassInitializer(name);
            boolean noArguments = constants.end(descriptor) - constants.start(descriptor) == 3;
            boolean legal = constants.isVoid(descriptor)
                    && (!classInitializer || majorVersion < MAJOR_OF_JAVA_7 || noArguments);
            if (!legal) {
                report.add(
                        FormatRule.INITIALIZER,
                        offset + 4,
                        "an initializer can't have the type " + constants.text(descriptor));
            }
        }
        int slots = constants.argumentSlots(descriptor);
        if (slots < 0) {
            report.add(FormatRule.METHOD_DESCRIPTOR, offset + 4, "no method type: " + constants.text(descriptor));
            return 0;
        }
        int withThis = slots + ((flags & STATIC) == 0 ? 1 : 0);
        if (withThis > MAX_ARGUMENT_SLOTS) {
            report.add(FormatRule.ARGUMENT_SLOTS, offset + 4, "the arguments take more than 255 slots");
        }
        return withThis;
    }

    private void checkMethodParameters(Attribute attribute) {
        int length = attribute.length();
        if (length == 0 || length != 1 + 4 * raw.u1(attribute.offset())) {
            attributeChecks.reportLength(attribute, "MethodParameters", "1 and 4 for each parameter");
        }
    }
}

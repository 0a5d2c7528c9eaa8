package org.dvm.core.classfile;

import org.dvm.core.classfile.RawClass.Attribute;
import org.jspecify.annotations.Nullable;

/**
 * Checks the class's own attributes.
 *
 * @jvms 4.7
 */
final class ClassAttributeChecks {
    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int MAJOR_OF_JAVA_7 = 51;
    private static final int MAJOR_OF_JAVA_11 = 55;
    private static final int MAJOR_OF_JAVA_16 = 60;
    private static final int MAJOR_OF_JAVA_17 = 61;

    private static final long ONCE = AttributeName.bit(AttributeName.SOURCE_FILE)
            | AttributeName.bit(AttributeName.SOURCE_DEBUG_EXTENSION)
            | AttributeName.bit(AttributeName.INNER_CLASSES);
    private static final long ONCE_SINCE_5 = AttributeName.bit(AttributeName.SIGNATURE)
            | AttributeName.bit(AttributeName.RUNTIME_VISIBLE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_INVISIBLE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_VISIBLE_TYPE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.RUNTIME_INVISIBLE_TYPE_ANNOTATIONS)
            | AttributeName.bit(AttributeName.ENCLOSING_METHOD);
    private static final long ONCE_SINCE_7 = AttributeName.bit(AttributeName.BOOTSTRAP_METHODS);
    private static final long ONCE_SINCE_11 =
            AttributeName.bit(AttributeName.NEST_HOST) | AttributeName.bit(AttributeName.NEST_MEMBERS);
    private static final long ONCE_SINCE_16 = AttributeName.bit(AttributeName.RECORD);
    private static final long ONCE_SINCE_17 = AttributeName.bit(AttributeName.PERMITTED_SUBCLASSES);

    private final RawClass raw;
    private final ConstantFacts constants;
    private final FormatReport report;
    private final AttributeChecks attributeChecks;
    private final int majorVersion;
    private final int classFlags;
    private final long once;

    ClassAttributeChecks(RawClass raw, ConstantFacts constants, FormatReport report, int classFlags) {
        this.raw = raw;
        this.constants = constants;
        this.report = report;
        this.attributeChecks = new AttributeChecks(raw, constants, report);
        this.majorVersion = raw.majorVersion();
        this.classFlags = classFlags;
        this.once = ONCE
                | (majorVersion >= MAJOR_OF_JAVA_5 ? ONCE_SINCE_5 : 0)
                | (majorVersion >= MAJOR_OF_JAVA_7 ? ONCE_SINCE_7 : 0)
                | (majorVersion >= MAJOR_OF_JAVA_11 ? ONCE_SINCE_11 : 0)
                | (majorVersion >= MAJOR_OF_JAVA_16 ? ONCE_SINCE_16 : 0)
                | (majorVersion >= MAJOR_OF_JAVA_17 ? ONCE_SINCE_17 : 0);
    }

    /**
     * Checks the attributes.
     *
     * @param highestBootstrapMethod the highest index into the bootstrap methods that a constant uses, -1 if there is none
     */
    void check(int highestBootstrapMethod) {
        Attribute innerClasses = null;
        Attribute nestHost = null;
        Attribute nestMembers = null;
        Attribute record = null;
        Attribute permittedSubclasses = null;
        Attribute bootstrapMethods = null;
        long seen = 0;
        for (Attribute attribute : raw.attributes()) {
            int name = constants.attributeName(attribute.nameIndex());
            if ((once & seen & AttributeName.bit(name)) != 0) {
                attributeChecks.reportSecond(attribute, name);
            }
            seen |= AttributeName.bit(name);
            switch (name) {
                case AttributeName.SOURCE_FILE:
                    attributeChecks.checkUtf8Reference(attribute, AttributeName.SOURCE_FILE);
                    break;
                case AttributeName.INNER_CLASSES:
                    innerClasses = attribute;
                    break;
                case AttributeName.ENCLOSING_METHOD:
                    if (majorVersion >= MAJOR_OF_JAVA_5) {
                        checkEnclosingMethod(attribute);
                    }
                    break;
                case AttributeName.BOOTSTRAP_METHODS:
                    if (majorVersion >= MAJOR_OF_JAVA_7) {
                        bootstrapMethods = attribute;
                        checkBootstrapMethods(attribute, highestBootstrapMethod);
                    }
                    break;
                case AttributeName.NEST_HOST:
                    nestHost = attribute;
                    break;
                case AttributeName.NEST_MEMBERS:
                    nestMembers = attribute;
                    break;
                case AttributeName.RECORD:
                    record = attribute;
                    break;
                case AttributeName.PERMITTED_SUBCLASSES:
                    permittedSubclasses = attribute;
                    break;
                default:
                    attributeChecks.checkCommon(attribute, name);
                    break;
            }
        }
        if (majorVersion >= MAJOR_OF_JAVA_11) {
            checkNest(nestHost, nestMembers);
        }
        if (innerClasses != null) {
            new InnerClassChecks(raw, constants, report, attributeChecks).check(innerClasses);
        }
        if (record != null && majorVersion >= MAJOR_OF_JAVA_16) {
            checkRecord(record);
        }
        if (permittedSubclasses != null && majorVersion >= MAJOR_OF_JAVA_17) {
            checkPermittedSubclasses(permittedSubclasses);
        }
        if (bootstrapMethods == null && highestBootstrapMethod >= 0) {
            report.add(
                    FormatRule.BOOTSTRAP_METHODS,
                    raw.bytes().length, // where it would be
                    "dynamic constants refer to bootstrap methods, but there is no BootstrapMethods attribute");
        }
    }

    private void checkEnclosingMethod(Attribute attribute) {
        if (attribute.length() != 4) {
            attributeChecks.reportLength(attribute, "EnclosingMethod", "4");
            return;
        }
        int type = raw.u2(attribute.offset());
        int method = raw.u2(attribute.offset() + 2);
        if (!constants.hasTag(type, RawClass.CLASS)) {
            report.add(
                    FormatRule.ENCLOSING_METHOD,
                    attribute.offset(),
                    "the enclosing class is " + constants.described(type) + " instead of a class");
        }
        if (method != 0 && !constants.hasTag(method, RawClass.NAME_AND_TYPE)) {
            report.add(
                    FormatRule.ENCLOSING_METHOD,
                    attribute.offset() + 2,
                    "the enclosing method is " + constants.described(method) + " instead of name and type");
        }
    }

    private void checkBootstrapMethods(Attribute attribute, int highestBootstrapMethod) {
        int at = attribute.offset();
        int end = at + attribute.length();
        if (attribute.length() < 2) {
            attributeChecks.reportLength(attribute, "BootstrapMethods", "2 at least");
            return;
        }
        int count = raw.u2(at);
        if (highestBootstrapMethod >= count) {
            report.add(
                    FormatRule.BOOTSTRAP_METHODS,
                    at,
                    "a dynamic constant refers to bootstrap method " + highestBootstrapMethod + " of " + count);
        }
        at += 2;
        for (; count > 0 && !report.isFull(); count--) {
            if (end - at < 4 || end - at - 4 < 2 * raw.u2(at + 2)) {
                attributeChecks.reportLength(attribute, "BootstrapMethods", "more");
                return;
            }
            int method = raw.u2(at);
            if (!constants.hasTag(method, RawClass.METHOD_HANDLE)) {
                report.add(
                        FormatRule.BOOTSTRAP_METHODS,
                        at,
                        "a bootstrap method is " + constants.described(method) + " instead of a method handle");
            }
            int arguments = raw.u2(at + 2);
            at += 4;
            for (; arguments > 0 && !report.isFull(); arguments--) {
                if (!constants.isLoadable(raw.u2(at))) {
                    report.add(
                            FormatRule.BOOTSTRAP_METHODS,
                            at,
                            "an argument of a bootstrap method is " + constants.described(raw.u2(at))
                                    + ", which can't be loaded");
                }
                at += 2;
            }
        }
        if (at != end) {
            attributeChecks.reportLength(attribute, "BootstrapMethods", String.valueOf(at - attribute.offset()));
        }
    }

    private void checkNest(@Nullable Attribute host, @Nullable Attribute members) {
        if (host != null) {
            int index = host.length() == 2 ? raw.u2(host.offset()) : -1;
            if (index < 0) {
                attributeChecks.reportLength(host, "NestHost", "2");
            } else if (!constants.hasTag(index, RawClass.CLASS)) {
                report.add(
                        FormatRule.NEST,
                        host.offset(),
                        "the nest's host is " + constants.described(index) + " instead of a class");
            }
        }
        if (members != null) {
            if (host != null) {
                report.add(FormatRule.NEST, members.offset(), "a class has both NestHost and NestMembers");
            }
            attributeChecks.checkClassList(members, AttributeName.NEST_MEMBERS);
        }
    }

    private void checkPermittedSubclasses(Attribute attribute) {
        if ((classFlags & ClassChecks.FINAL) != 0) {
            report.add(FormatRule.PERMITTED_SUBCLASSES, attribute.offset(), "a final class has permitted subclasses");
        }
        attributeChecks.checkClassList(attribute, AttributeName.PERMITTED_SUBCLASSES);
    }

    private void checkRecord(Attribute attribute) {
        int at = attribute.offset();
        int end = at + attribute.length();
        if (attribute.length() < 2) {
            attributeChecks.reportLength(attribute, "Record", "2 at least");
            return;
        }
        int count = raw.u2(at);
        at += 2;
        for (; count > 0 && !report.isFull(); count--) {
            at = end - at < 6 ? -1 : checkComponent(at, end);
            if (at < 0) {
                attributeChecks.reportLength(attribute, "Record", "more");
                return;
            }
        }
        if (at != end) {
            attributeChecks.reportLength(attribute, "Record", String.valueOf(at - attribute.offset()));
        }
    }

    /** Returns the offset after the component, -1 if it reaches beyond the attribute. */
    private int checkComponent(int start, int end) {
        int name = raw.u2(start);
        int descriptor = raw.u2(start + 2);
        if (!constants.hasTag(name, RawClass.UTF8) || !constants.isFieldName(name)) {
            report.add(FormatRule.RECORD, start, "the name of a record component is " + constants.described(name));
        }
        if (!constants.hasTag(descriptor, RawClass.UTF8) || !constants.isFieldDescriptor(descriptor)) {
            report.add(
                    FormatRule.RECORD,
                    start + 2,
                    "the type of a record component is " + constants.described(descriptor));
        }
        int at = start + 6;
        long seen = 0;
        for (int count = raw.u2(start + 4); count > 0 && !report.isFull(); count--) {
            int length = end - at < 6 ? -1 : raw.s4(at + 2);
            if (length < 0 || length > end - at - 6) {
                return -1;
            }
            int index = raw.u2(at);
            if (constants.hasTag(index, RawClass.UTF8)) {
                Attribute attribute = new Attribute(index, at + 6, length);
                int attributeName = constants.attributeName(index);
                if ((ONCE_SINCE_5 & seen & AttributeName.bit(attributeName)) != 0
                        && attributeName != AttributeName.ENCLOSING_METHOD) {
                    attributeChecks.reportSecond(attribute, attributeName);
                }
                seen |= AttributeName.bit(attributeName);
                if (attributeName == AttributeName.SIGNATURE) {
                    attributeChecks.checkSignature(attribute);
                }
            } else {
                report.add(
                        FormatRule.NAME_CONSTANT,
                        at,
                        "attribute_name_index is " + constants.described(index) + " instead of a Utf8 constant");
            }
            at += 6 + length;
        }
        return at;
    }
}

package org.dvm.core.classfile;

import org.dvm.core.classfile.RawClass.Attribute;

/**
 * Checks attributes that stand at classes and members alike, and reports what is wrong with attributes in general.
 *
 * @jvms 4.7
 */
final class AttributeChecks {
    private static final int MAJOR_OF_JAVA_5 = 49;

    private final RawClass raw;
    private final ConstantFacts constants;
    private final FormatReport report;

    AttributeChecks(RawClass raw, ConstantFacts constants, FormatReport report) {
        this.raw = raw;
        this.constants = constants;
        this.report = report;
    }

    /** Checks Synthetic, Deprecated and Signature; all else is left alone. */
    void checkCommon(Attribute attribute, int name) {
        if (name == AttributeName.SYNTHETIC || name == AttributeName.DEPRECATED) {
            if (attribute.length() != 0) {
                reportLength(attribute, AttributeName.text(name), "0");
            }
        } else if (name == AttributeName.SIGNATURE && raw.majorVersion() >= MAJOR_OF_JAVA_5) {
            checkSignature(attribute);
        }
    }

    void checkSignature(Attribute attribute) {
        checkUtf8Reference(attribute, AttributeName.SIGNATURE);
    }

    /** Checks an attribute that holds the index of one Utf8 constant: a Signature or SourceFile. */
    void checkUtf8Reference(Attribute attribute, int name) {
        if (attribute.length() != 2) {
            reportLength(attribute, AttributeName.text(name), "2");
            return;
        }
        int index = raw.u2(attribute.offset());
        if (!constants.hasTag(index, RawClass.UTF8)) {
            report.add(
                    name == AttributeName.SIGNATURE ? FormatRule.SIGNATURE : FormatRule.SOURCE_FILE,
                    attribute.offset(),
                    AttributeName.text(name) + " refers to " + constants.described(index)
                            + " instead of a Utf8 constant");
        }
    }

    /** Checks an attribute that is a counted list of Class constants. */
    void checkClassList(Attribute attribute, int name) {
        int offset = attribute.offset();
        if (attribute.length() < 2 || attribute.length() != 2 + 2 * raw.u2(offset)) {
            reportLength(attribute, AttributeName.text(name), "2 and 2 for each class");
            return;
        }
        for (int count = raw.u2(offset); count > 0 && !report.isFull(); count--) {
            offset += 2;
            int index = raw.u2(offset);
            if (!constants.hasTag(index, RawClass.CLASS)) {
                report.add(
                        ruleOf(name),
                        offset,
                        AttributeName.text(name) + " refers to " + constants.described(index) + " instead of a class");
            }
        }
    }

    private static FormatRule ruleOf(int classList) {
        switch (classList) {
            case AttributeName.EXCEPTIONS:
                return FormatRule.EXCEPTIONS;
            case AttributeName.NEST_MEMBERS:
                return FormatRule.NEST;
            default:
                return FormatRule.PERMITTED_SUBCLASSES;
        }
    }

    void reportSecond(Attribute attribute, int name) {
        report.add(
                FormatRule.DUPLICATE_ATTRIBUTE,
                attribute.offset() - 6,
                "a second " + AttributeName.text(name) + " attribute");
    }

    void reportLength(Attribute attribute, String name, String expected) {
        report.add(
                FormatRule.ATTRIBUTE_LENGTH,
                attribute.offset() - 4,
                "the " + name + " attribute has " + attribute.length() + " bytes; its content asks for " + expected);
    }
}

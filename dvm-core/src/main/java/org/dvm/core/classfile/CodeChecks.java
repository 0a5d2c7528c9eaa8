package org.dvm.core.classfile;

import org.dvm.core.classfile.RawClass.Attribute;

/**
 * Checks Code attributes but for the instructions and frames, which later phases of verification look at.
 *
 * @jvms 4.7.3
 */
final class CodeChecks {
    private static final int MAJOR_OF_JAVA_5 = 49;
    private static final int MAJOR_OF_JAVA_6 = 50;
    private static final int MAX_CODE_LENGTH = 65535;
    private static final int MIN_ATTRIBUTE_LENGTH = 12;

    private final RawClass raw;
    private final byte[] bytes;
    private final ConstantFacts constants;
    private final FormatReport report;
    private final int majorVersion;
    private final AttributeChecks attributeChecks;
    private final LocalVariables variables;

    CodeChecks(RawClass raw, ConstantFacts constants, FormatReport report) {
        this.raw = raw;
        this.bytes = raw.bytes();
        this.constants = constants;
        this.report = report;
        this.majorVersion = raw.majorVersion();
        this.attributeChecks = new AttributeChecks(raw, constants, report);
        this.variables = new LocalVariables(raw, constants, report);
    }

    /**
     * Checks a Code attribute.
     *
     * @param argumentSlots how many local variables the arguments take, {@code this} included
     */
    void check(Attribute code, int argumentSlots) {
        int offset = code.offset();
        int end = offset + code.length();
        if (code.length() < MIN_ATTRIBUTE_LENGTH) {
            attributeChecks.reportLength(code, "Code", "12 at least");
            return;
        }
        int maxLocals = raw.u2(offset + 2);
        if (argumentSlots > maxLocals) {
            report.add(
                    FormatRule.CODE,
                    offset + 2,
                    "max_locals=" + maxLocals + " but the arguments take " + argumentSlots + " slots");
        }
        int length = raw.s4(offset + 4);
        if (length < 1 || length > MAX_CODE_LENGTH) {
            report.add(
                    FormatRule.CODE,
                    offset + 4,
                    "code_length=" + Integer.toUnsignedString(length) + " must be from 1 to 65535");
            return;
        }
        int table = offset + 8 + length;
        if (table + 4 > end) {
            attributeChecks.reportLength(code, "Code", "more");
            return;
        }
        int attributes = table + 2 + 8 * raw.u2(table);
        if (attributes + 2 > end) {
            attributeChecks.reportLength(code, "Code", "more for its exception table");
            return;
        }
        checkExceptionTable(table, length);
        checkAttributes(code, attributes, length, maxLocals);
    }

    private void checkExceptionTable(int table, int codeLength) {
        int at = table + 2;
        for (int count = raw.u2(table); count > 0 && !report.isFull(); count--) {
            int start = raw.u2(at);
            int end = raw.u2(at + 2);
            int handler = raw.u2(at + 4);
            int type = raw.u2(at + 6);
            if (start >= end || end > codeLength) {
                report.add(
                        FormatRule.EXCEPTION_TABLE,
                        at,
                        "start_pc=" + start + " end_pc=" + end + " is no range in " + codeLength + " bytes of code");
            }
            if (handler >= codeLength) {
                report.add(
                        FormatRule.EXCEPTION_TABLE,
                        at + 4,
                        "handler_pc=" + handler + " is outside of " + codeLength + " bytes of code");
            }
            if (type != 0 && !constants.hasTag(type, RawClass.CLASS)) {
                report.add(
                        FormatRule.EXCEPTION_TABLE,
                        at + 6,
                        "catch_type is " + constants.described(type) + " instead of a class");
            }
            at += 8;
        }
    }

    private void checkAttributes(Attribute code, int countOffset, int codeLength, int maxLocals) {
        int end = code.offset() + code.length();
        int at = countOffset + 2;
        boolean frames = false;
        variables.enterCode(codeLength, maxLocals);
        for (int count = raw.u2(countOffset); count > 0 && !report.isFull(); count--) {
            if (at + 6 > end) {
                attributeChecks.reportLength(code, "Code", "more for its attributes");
                return;
            }
            int name = raw.u2(at);
            int length = raw.s4(at + 2);
            if (!constants.hasTag(name, RawClass.UTF8)) {
                report.add(
                        FormatRule.NAME_CONSTANT,
                        at,
                        "attribute_name_index is " + constants.described(name) + " instead of a Utf8 constant");
                return;
            }
            if (length < 0 || length > end - at - 6) {
                report.add(
                        FormatRule.ATTRIBUTE_LENGTH,
                        at + 2,
                        "attribute_length=" + Integer.toUnsignedString(length) + " reaches beyond the Code attribute");
                return;
            }
            at += 6;
            switch (constants.attributeName(name)) {
                case AttributeName.LINE_NUMBER_TABLE:
                    checkLineNumbers(at, length, codeLength);
                    break;
                case AttributeName.LOCAL_VARIABLE_TABLE:
                    variables.checkTypes(at, length);
                    break;
                case AttributeName.LOCAL_VARIABLE_TYPE_TABLE:
                    if (majorVersion >= MAJOR_OF_JAVA_5) {
                        variables.checkSignatures(at, length);
                    }
                    break;
                case AttributeName.STACK_MAP_TABLE:
                    if (frames && majorVersion >= MAJOR_OF_JAVA_6) {
                        report.add(FormatRule.DUPLICATE_ATTRIBUTE, at - 6, "a second StackMapTable attribute");
                    }
                    frames = true;
                    break;
                default:
                    break; // nothing that a JVM reads in phase 1
            }
            at += length;
        }
        if (at != end) {
            attributeChecks.reportLength(code, "Code", String.valueOf(at - code.offset()));
        }
        variables.checkDuplicates();
    }

    private void checkLineNumbers(int offset, int length, int codeLength) {
        if (length < 2 || length != 2 + 4 * raw.u2(offset)) {
            report.add(
                    FormatRule.ATTRIBUTE_LENGTH,
                    offset - 4,
                    "the LineNumberTable attribute has " + length
                            + " bytes; its content asks for 2 and 4 for each line");
            return;
        }
        byte[] bytes = this.bytes; // hot path: the longest table of ordinary methods
        int end = offset + length;
        int highest = 0;
        for (int at = offset + 2; at < end; at += 4) {
            highest = Math.max(highest, (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff);
        }
        if (highest >= codeLength) {
            reportLineNumbers(offset + 2, end, codeLength);
        }
    }

    private void reportLineNumbers(int start, int end, int codeLength) {
        for (int at = start; at < end && !report.isFull(); at += 4) {
            int pc = raw.u2(at);
            if (pc >= codeLength) {
                report.add(
                        FormatRule.LINE_NUMBERS,
                        at,
                        "start_pc=" + pc + " is outside of " + codeLength + " bytes of code");
            }
        }
    }
}

package org.dvm.core.classfile;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.jspecify.annotations.Nullable;

/** Walks a class file's structure once and notes the offsets; every length is checked against the file. */
final class StructureParser {
    private static final Attribute[] NO_ATTRIBUTES = {};
    private static final Member[] NO_MEMBERS = {};
    private static final byte[] CODE = {'C', 'o', 'd', 'e'};

    /** The size of a long or double. */
    private static final int WIDE = 9;

    /** The sizes of constants by tag, 0 for no tag; a Utf8 constant's depends on its length. */
    private static final byte[] SIZES = {0, 0, 0, 5, 5, WIDE, WIDE, 3, 3, 5, 5, 5, 5, 0, 0, 4, 3, 5, 5, 3, 3};

    private final byte[] bytes;
    private int[] constants = {};
    private int accessFlagsOffset;
    private int @Nullable [] interfaces;
    private int interfaceCount;
    private int at;
    private int codeOffset;
    private boolean inMethod;

    StructureParser(byte[] bytes) {
        this.bytes = bytes;
    }

    RawClass parse() throws ClassFormatException {
        need(10);
        if (u2() != 0xCAFE || u2() != 0xBABE) {
            throw fail(FormatRule.MAGIC, 0, "not a class file: it doesn't start with CAFEBABE");
        }
        at = 8;
        parseConstants(u2());
        need(8);
        accessFlagsOffset = at;
        checkClassConstant(at + 2, false);
        checkClassConstant(at + 4, true);
        at += 6;
        int[] listed = parseInterfaces();
        Member[] fields = parseMembers();
        inMethod = true;
        Member[] methods = parseMembers();
        inMethod = false;
        Attribute[] attributes = parseAttributes();
        if (at != bytes.length) {
            throw fail(FormatRule.EXTRA_BYTES, at, bytes.length - at + " bytes after the end of the class");
        }
        return RawClass.of(bytes, constants, accessFlagsOffset, listed, fields, methods, attributes);
    }

    /** Returns what was mapped before parsing failed, as a class without members; null if the constants weren't. */
    @Nullable
    RawClass prefix() {
        int[] listed = interfaces;
        return accessFlagsOffset == 0
                ? null
                : RawClass.of(
                        bytes,
                        constants,
                        accessFlagsOffset,
                        listed == null ? new int[0] : Arrays.copyOf(listed, interfaceCount),
                        NO_MEMBERS,
                        NO_MEMBERS,
                        NO_ATTRIBUTES);
    }

    /** Returns whether all was mapped up to the superinterfaces, and as many of these as are sound. */
    boolean hasHeader() {
        return interfaces != null;
    }

    /** Keeps those before a wrong one: a JVM loads each as it comes to it. */
    private int[] parseInterfaces() throws ClassFormatException {
        need(2);
        int count = u2();
        int[] listed = new int[Math.min(count, (bytes.length - at) / 2)];
        interfaces = listed;
        for (; interfaceCount < listed.length; interfaceCount++) {
            checkClassConstant(at, false);
            listed[interfaceCount] = u2();
        }
        if (listed.length < count) {
            throw fail(FormatRule.TRUNCATED, at, "a count of " + count + " interfaces exceeds the file");
        }
        return listed;
    }

    private void parseConstants(int count) throws ClassFormatException {
        if (count == 0) {
            throw fail(FormatRule.CONSTANT_COUNT, 8, "constant_pool_count is 0");
        }
        // A constant takes 3 bytes or more: a lying count can't make the table larger than the file.
        if (count - 1 > (bytes.length - at) / 3) {
            throw fail(FormatRule.TRUNCATED, 8, "constant_pool_count=" + count + " exceeds the file");
        }
        // Hot path: one branch for the kind of a constant, since they come in no order that a processor could learn.
        byte[] bytes = this.bytes;
        byte[] sizes = SIZES;
        int[] offsets = new int[count];
        constants = offsets;
        int last = bytes.length - 3;
        int offset = at;
        for (int i = 1; i < count; i++) {
            at = offset;
            if (offset > last) {
                need(3);
            }
            offsets[i] = offset;
            int tag = bytes[offset];
            if (tag == RawClass.UTF8) {
                offset += 3 + ((bytes[offset + 1] & 0xff) << 8 | bytes[offset + 2] & 0xff);
            } else {
                int size = tag >= 0 && tag < sizes.length ? sizes[tag] : 0;
                if (size == 0) {
                    throw fail(FormatRule.CONSTANT_TAG, at, "constant " + i + " has the unknown tag " + (tag & 0xff));
                }
                if (size == WIDE && ++i == count) { // takes two indices
                    throw fail(FormatRule.CONSTANT_TAG, at, "the last constant is a long or double");
                }
                offset += size;
            }
            if (offset > bytes.length || offset < 0) {
                need(offset - at);
            }
        }
        at = offset;
    }

    private Member[] parseMembers() throws ClassFormatException {
        Member[] members = new Member[count(8)];
        for (int i = 0; i < members.length; i++) {
            int offset = at;
            need(8);
            checkUtf8(at + 2);
            checkUtf8(at + 4);
            at += 6;
            codeOffset = -1;
            Attribute[] attributes = parseAttributes();
            members[i] = new Member(offset, at, attributes, codeOffset);
        }
        return members;
    }

    private Attribute[] parseAttributes() throws ClassFormatException {
        int count = count(6);
        if (count == 0) {
            return NO_ATTRIBUTES;
        }
        Attribute[] attributes = new Attribute[count];
        for (int i = 0; i < count; i++) {
            need(6);
            checkUtf8(at);
            int name = u2();
            long length = (long) u2() << 16 | u2();
            if (length > bytes.length - at) {
                throw fail(FormatRule.TRUNCATED, at - 4, "attribute_length=" + length + " exceeds the file");
            }
            attributes[i] = new Attribute(name, at, (int) length);
            if (inMethod && codeOffset < 0 && isCode(name)) {
                codeOffset = checkedCode((int) length);
            }
            at += (int) length;
        }
        return attributes;
    }

    private boolean isCode(int name) {
        int offset = constants[name];
        return bytes[offset + 1] == 0
                && bytes[offset + 2] == CODE.length
                && Arrays.equals(bytes, offset + 3, offset + 3 + CODE.length, CODE, 0, CODE.length);
    }

    /** Checks that the fixed part of a Code attribute and its code array lie within the attribute. */
    private int checkedCode(int length) throws ClassFormatException {
        if (length < 12) {
            throw fail(FormatRule.TRUNCATED, at, "Code attribute of " + length + " bytes is too short");
        }
        long codeLength = ((long) (bytes[at + 4] & 0xff) << 24)
                | (bytes[at + 5] & 0xff) << 16
                | (bytes[at + 6] & 0xff) << 8
                | bytes[at + 7] & 0xff;
        if (codeLength > length - 12) {
            throw fail(FormatRule.TRUNCATED, at + 4, "code_length=" + codeLength + " exceeds its attribute");
        }
        return at;
    }

    /** Reads a count of items that take at least that many bytes each, and checks that so many can follow. */
    private int count(int itemSize) throws ClassFormatException {
        need(2);
        int count = u2();
        if ((long) count * itemSize > bytes.length - at) {
            throw fail(FormatRule.TRUNCATED, at - 2, "a count of " + count + " items exceeds the file");
        }
        return count;
    }

    private void checkClassConstant(int offset, boolean zeroAllowed) throws ClassFormatException {
        int index = u2(offset);
        if (index == 0 && zeroAllowed) {
            return;
        }
        checkTag(offset, index, RawClass.CLASS);
        checkUtf8(constants[index] + 1);
    }

    private void checkUtf8(int offset) throws ClassFormatException {
        checkTag(offset, u2(offset), RawClass.UTF8);
    }

    private void checkTag(int offset, int index, int tag) throws ClassFormatException {
        if (index == 0 || index >= constants.length || constants[index] == 0 || bytes[constants[index]] != tag) {
            throw fail(FormatRule.NAME_CONSTANT, offset, "constant " + index + " isn't of the kind " + tag);
        }
    }

    private int u2() {
        at += 2;
        return u2(at - 2);
    }

    private int u2(int offset) {
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }

    private void need(int count) throws ClassFormatException {
        if (bytes.length - at < count) {
            throw fail(FormatRule.TRUNCATED, at, "the file ends within an item; it has " + bytes.length + " bytes");
        }
    }

    private static ClassFormatException fail(FormatRule rule, int offset, String message) {
        return new ClassFormatException(new Finding(rule, Location.ofOffset(null, offset), message));
    }
}

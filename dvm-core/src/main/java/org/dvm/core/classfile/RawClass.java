package org.dvm.core.classfile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.finding.Finding;
import org.jspecify.annotations.Nullable;

/**
 * The map of a class file: where every constant, member and attribute stands in its bytes.
 *
 * <p>{@link #parse} walks the structure once and checks every length against the file, so that later reads stay inside
 * the array. It reads nothing else: whether constants refer to constants of the right kind, whether names and flags are
 * legal is the format check's business ({@link FormatChecker}).
 *
 * <p>Offsets are indices into {@link #bytes()}. The array is shared, not copied: whoever holds a {@code RawClass} must
 * not change it.
 *
 * <p><b>Threads:</b> safe to share; strings are decoded lazily by idempotent writes.
 *
 * @jvms 4.1
 */
public final class RawClass {
    /** Tags of constants. */
    public static final int UTF8 = 1;

    public static final int INTEGER = 3;
    public static final int FLOAT = 4;
    public static final int LONG = 5;
    public static final int DOUBLE = 6;
    public static final int CLASS = 7;
    public static final int STRING = 8;
    public static final int FIELD_REF = 9;
    public static final int METHOD_REF = 10;
    public static final int INTERFACE_METHOD_REF = 11;
    public static final int NAME_AND_TYPE = 12;
    public static final int METHOD_HANDLE = 15;
    public static final int METHOD_TYPE = 16;
    public static final int DYNAMIC = 17;
    public static final int INVOKE_DYNAMIC = 18;
    public static final int MODULE = 19;
    public static final int PACKAGE = 20;

    private final byte[] bytes;
    private final int[] constants;
    private final int accessFlagsOffset;
    private final int[] interfaces;
    private final Member[] fields;
    private final Member[] methods;
    private final Attribute[] attributes;
    private @Nullable String @Nullable [] strings;

    /** An attribute: its name's constant, the offset of its content and the content's length in bytes. */
    public record Attribute(int nameIndex, int offset, int length) {}

    /**
     * A field or method: the offset of its {@code access_flags}, the offset after its last attribute, its attributes,
     * and the offset of the Code attribute's content ({@code max_stack}), -1 where there is none.
     */
    public record Member(int offset, int end, Attribute[] attributes, int codeOffset) {}

    private RawClass(
            byte[] bytes,
            int[] constants,
            int accessFlagsOffset,
            int[] interfaces,
            Member[] fields,
            Member[] methods,
            Attribute[] attributes) {
        this.bytes = bytes;
        this.constants = constants;
        this.accessFlagsOffset = accessFlagsOffset;
        this.interfaces = interfaces;
        this.fields = fields;
        this.methods = methods;
        this.attributes = attributes;
    }

    /**
     * Maps a class file.
     *
     * @param bytes the whole class file; kept, not copied
     * @throws ClassFormatException if the structure doesn't fit the bytes, with the finding that says where
     */
    public static RawClass parse(byte[] bytes) throws ClassFormatException {
        return new StructureParser(bytes).parse();
    }

    static RawClass of(
            byte[] bytes,
            int[] constants,
            int accessFlagsOffset,
            int[] interfaces,
            Member[] fields,
            Member[] methods,
            Attribute[] attributes) {
        return new RawClass(bytes, constants, accessFlagsOffset, interfaces, fields, methods, attributes);
    }

    /** Returns this class as if it had no more than its first superinterfaces. */
    RawClass withInterfaces(int count) {
        return new RawClass(
                bytes, constants, accessFlagsOffset, Arrays.copyOf(interfaces, count), fields, methods, attributes);
    }

    /** Returns the class file itself, shared. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the unsigned byte at that offset. */
    public int u1(int offset) {
        return bytes[offset] & 0xff;
    }

    /** Returns the unsigned 16-bit value at that offset. */
    public int u2(int offset) {
        return (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
    }

    /** Returns the 32-bit value at that offset; negative where it is above 2^31 - 1. */
    public int s4(int offset) {
        return u2(offset) << 16 | u2(offset + 2);
    }

    public int minorVersion() {
        return u2(4);
    }

    public int majorVersion() {
        return u2(6);
    }

    /** Returns the {@code constant_pool_count}: constants have the indices from 1 to this minus 1. */
    public int constantCount() {
        return constants.length;
    }

    /** Returns the tag of a constant; 0 for index 0 and for the index after a long or double. */
    public int constantTag(int index) {
        int offset = constants[index];
        return offset == 0 ? 0 : u1(offset);
    }

    /** Returns the offset of a constant's tag; 0 for index 0 and for the index after a long or double. */
    public int constantOffset(int index) {
        return constants[index];
    }

    /** Returns the offsets of all constants, shared. */
    int[] constantOffsets() {
        return constants;
    }

    /** Returns the offset after the last constant: that of {@code access_flags}. */
    public int constantPoolEnd() {
        return accessFlagsOffset;
    }

    /** Returns the text of a Utf8 constant, decoded once; malformed bytes decode to U+FFFD. */
    public String utf8(int index) {
        @Nullable String[] decoded = strings;
        if (decoded == null) {
            decoded = new String[constants.length];
            strings = decoded; // where threads race, one table is lost and its texts are decoded again
        }
        String text = decoded[index];
        if (text == null) {
            int offset = constants[index];
            text = ModifiedUtf8.decode(bytes, offset + 3, u2(offset + 1));
            decoded[index] = text;
        }
        return text;
    }

    /** Returns the text of the Utf8 constant that a Class, String, MethodType, Module or Package constant names. */
    public String name(int index) {
        return utf8(u2(constants[index] + 1));
    }

    public int accessFlags() {
        return u2(accessFlagsOffset);
    }

    /** Returns the internal name of this class. */
    public String className() {
        return name(u2(accessFlagsOffset + 2));
    }

    /** Returns the internal name of the superclass; null for java/lang/Object and modules. */
    public @Nullable String superName() {
        int index = u2(accessFlagsOffset + 4);
        return index == 0 ? null : name(index);
    }

    public int interfaceCount() {
        return interfaces.length;
    }

    /** Returns the internal name of a direct superinterface. */
    public String interfaceName(int index) {
        return name(interfaces[index]);
    }

    /** Returns the Class constant of a direct superinterface. */
    public int interfaceConstant(int index) {
        return interfaces[index];
    }

    /** Returns all fields, shared. */
    Member[] fields() {
        return fields;
    }

    /** Returns all methods, shared. */
    Member[] methods() {
        return methods;
    }

    public int fieldCount() {
        return fields.length;
    }

    public Member field(int index) {
        return fields[index];
    }

    public int methodCount() {
        return methods.length;
    }

    public Member method(int index) {
        return methods[index];
    }

    public int memberFlags(Member member) {
        return u2(member.offset());
    }

    public String memberName(Member member) {
        return utf8(u2(member.offset() + 2));
    }

    public String memberDescriptor(Member member) {
        return utf8(u2(member.offset() + 4));
    }

    /** Returns the length of a method's code array in bytes. */
    public int codeLength(Member method) {
        return s4(method.codeOffset() + 4);
    }

    /** Returns the offset of a method's first instruction. */
    public int codeStart(Member method) {
        return method.codeOffset() + 8;
    }

    /** Returns the class's own attributes, shared. */
    public Attribute[] attributes() {
        return attributes;
    }

    /** Returns the first attribute of that name, or null. */
    public @Nullable Attribute attribute(Attribute[] in, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
        for (Attribute attribute : in) {
            if (utf8Equals(attribute.nameIndex(), wanted)) {
                return attribute;
            }
        }
        return null;
    }

    /** Returns whether a Utf8 constant has just those bytes. */
    public boolean utf8Equals(int index, byte[] ascii) {
        int offset = constants[index];
        if (u1(offset) != UTF8 || u2(offset + 1) != ascii.length) {
            return false;
        }
        for (int i = 0; i < ascii.length; i++) {
            if (bytes[offset + 3 + i] != ascii[i]) {
                return false;
            }
        }
        return true;
    }

    /** Says that bytes are no class file. */
    public static final class ClassFormatException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient List<Finding> findings;
        private final transient @Nullable RawClass header;

        ClassFormatException(Finding finding) {
            this(List.of(finding));
        }

        /** Makes an exception of at least one finding. */
        public ClassFormatException(List<Finding> findings) {
            this(findings, null);
        }

        ClassFormatException(List<Finding> findings, @Nullable RawClass header) {
            super(findings.get(0).toString());
            this.findings = List.copyOf(findings);
            this.header = header;
        }

        /** Returns what is wrong; never empty. */
        public List<Finding> findings() {
            return findings;
        }

        /**
         * Returns the class as far as it is sound, if a JVM has loaded superinterfaces before it comes to the first finding;
         * else null. Superinterfaces that it hasn't loaded then, and members, may be missing.
         */
        public @Nullable RawClass header() {
            return header;
        }
    }
}

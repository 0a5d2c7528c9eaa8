package org.dvm.testkit.assembly;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a class file together piece by piece and checks nothing, so that tests can make every kind of broken class.
 *
 * <p>Constants are shared: asking twice for the same one gives the same index.
 *
 * @jvms 4.1
 */
public final class ClassAssembler {
    private final Map<String, Integer> indices = new HashMap<>();
    private final Bytes constants = Bytes.of();
    private final List<byte[]> fields = new ArrayList<>();
    private final List<byte[]> methods = new ArrayList<>();
    private final List<byte[]> attributes = new ArrayList<>();
    private final List<Integer> interfaces = new ArrayList<>();
    private int constantCount = 1;
    private int minor;
    private int major = 52;
    private int flags = 0x21;
    private int thisClass;
    private int superClass;

    /** Starts a public class of version 52 that extends Object. */
    public ClassAssembler(String name) {
        thisClass = classConstant(name);
        superClass = classConstant("java/lang/Object");
    }

    /** Sets the version. */
    public ClassAssembler version(int newMajor, int newMinor) {
        major = newMajor;
        minor = newMinor;
        return this;
    }

    /** Sets {@code access_flags}. */
    public ClassAssembler flags(int newFlags) {
        flags = newFlags;
        return this;
    }

    /** Sets {@code this_class} to any index. */
    public ClassAssembler thisClass(int index) {
        thisClass = index;
        return this;
    }

    /** Sets {@code super_class} to any index. */
    public ClassAssembler superClass(int index) {
        superClass = index;
        return this;
    }

    /** Adds an interface by the index of its constant. */
    public ClassAssembler implement(int index) {
        interfaces.add(index);
        return this;
    }

    /** Adds a field. */
    public ClassAssembler field(int access, String name, String descriptor, byte[]... fieldAttributes) {
        fields.add(member(access, utf8(name), utf8(descriptor), fieldAttributes));
        return this;
    }

    /** Adds a method. */
    public ClassAssembler method(int access, String name, String descriptor, byte[]... methodAttributes) {
        methods.add(member(access, utf8(name), utf8(descriptor), methodAttributes));
        return this;
    }

    /** Adds a class attribute made by {@link #attribute(String, Bytes)}. */
    public ClassAssembler with(byte[] attribute) {
        attributes.add(attribute);
        return this;
    }

    private static byte[] member(int access, int name, int descriptor, byte[]... memberAttributes) {
        Bytes bytes = Bytes.of().u2(access, name, descriptor, memberAttributes.length);
        for (byte[] attribute : memberAttributes) {
            bytes.raw(attribute);
        }
        return bytes.toArray();
    }

    /** Returns an attribute of that name and content. */
    public byte[] attribute(String name, Bytes content) {
        return Bytes.of()
                .u2(utf8(name))
                .u4(content.length())
                .raw(content.toArray())
                .toArray();
    }

    /** Returns a Code attribute without exception table. */
    public byte[] code(int maxStack, int maxLocals, Bytes instructions, byte[]... codeAttributes) {
        return code(maxStack, maxLocals, instructions, Bytes.of(), codeAttributes);
    }

    /** Returns a Code attribute; the exception table is given as the bytes of its entries, 8 each. */
    public byte[] code(
            int maxStack, int maxLocals, Bytes instructions, Bytes exceptionTable, byte[]... codeAttributes) {
        Bytes content = Bytes.of()
                .u2(maxStack, maxLocals)
                .u4(instructions.length())
                .raw(instructions.toArray())
                .u2(exceptionTable.length() / 8)
                .raw(exceptionTable.toArray())
                .u2(codeAttributes.length);
        for (byte[] attribute : codeAttributes) {
            content.raw(attribute);
        }
        return attribute("Code", content);
    }

    /** Returns the index of a Utf8 constant. */
    public int utf8(String text) {
        return shared("utf8 " + text, () -> {
            ByteArrayOutputStream encoded = new ByteArrayOutputStream();
            try {
                new DataOutputStream(encoded).writeUTF(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Bytes.of().u1(1).raw(encoded.toByteArray());
        });
    }

    /** Returns the index of a Class constant. */
    public int classConstant(String name) {
        return tagged(7, utf8(name));
    }

    /** Returns the index of a String constant. */
    public int string(String text) {
        return tagged(8, utf8(text));
    }

    /** Returns the index of an Integer constant. */
    public int integer(int value) {
        return shared("int " + value, () -> Bytes.of().u1(3).u4(value));
    }

    /** Returns the index of a Float constant. */
    public int floating(float value) {
        int bits = Float.floatToRawIntBits(value);
        return shared("float " + bits, () -> Bytes.of().u1(4).u4(bits));
    }

    /** Returns the index of a Long constant. */
    public int longInteger(long value) {
        return wide(5, value);
    }

    /** Returns the index of a Double constant. */
    public int doubled(double value) {
        return wide(6, Double.doubleToRawLongBits(value));
    }

    private int wide(int tag, long bits) {
        int index = shared(tag + " " + bits, () -> Bytes.of().u1(tag).u8(bits));
        if (index == constantCount - 1) {
            constantCount++; // takes two indices
        }
        return index;
    }

    /** Returns the index of a NameAndType constant. */
    public int nameAndType(String name, String descriptor) {
        return tagged(12, utf8(name), utf8(descriptor));
    }

    /** Returns the index of a Fieldref constant. */
    public int fieldRef(String owner, String name, String descriptor) {
        return tagged(9, classConstant(owner), nameAndType(name, descriptor));
    }

    /** Returns the index of a Methodref constant. */
    public int methodRef(String owner, String name, String descriptor) {
        return tagged(10, classConstant(owner), nameAndType(name, descriptor));
    }

    /** Returns the index of an InterfaceMethodref constant. */
    public int interfaceMethodRef(String owner, String name, String descriptor) {
        return tagged(11, classConstant(owner), nameAndType(name, descriptor));
    }

    /** Returns the index of a MethodHandle constant. */
    public int methodHandle(int kind, int reference) {
        return shared(
                "handle " + kind + " " + reference,
                () -> Bytes.of().u1(15).u1(kind).u2(reference));
    }

    /** Returns the index of a MethodType constant. */
    public int methodType(String descriptor) {
        return tagged(16, utf8(descriptor));
    }

    /** Returns the index of a Dynamic (17) or InvokeDynamic (18) constant. */
    public int dynamic(int tag, int bootstrapMethod, String name, String descriptor) {
        return tagged(tag, bootstrapMethod, nameAndType(name, descriptor));
    }

    /** Returns the index of a constant of any tag that consists of 16-bit values. */
    public int tagged(int tag, int... values) {
        StringBuilder key = new StringBuilder().append(tag);
        for (int value : values) {
            key.append(' ').append(value);
        }
        return shared(key.toString(), () -> Bytes.of().u1(tag).u2(values));
    }

    /** Adds a constant given as bytes, tag first, and returns its index. */
    public int constant(Bytes bytes) {
        constants.raw(bytes.toArray());
        return constantCount++;
    }

    private int shared(String key, java.util.function.Supplier<Bytes> bytes) {
        Integer known = indices.get(key);
        if (known != null) {
            return known;
        }
        int index = constant(bytes.get());
        indices.put(key, index);
        return index;
    }

    /** Returns the class file. */
    public byte[] toBytes() {
        Bytes file = Bytes.of()
                .u4(0xCAFEBABE)
                .u2(minor, major, constantCount)
                .raw(constants.toArray())
                .u2(flags, thisClass, superClass, interfaces.size());
        interfaces.forEach(file::u2);
        for (List<byte[]> part : List.of(fields, methods, attributes)) {
            file.u2(part.size());
            part.forEach(file::raw);
        }
        return file.toArray();
    }
}

package org.dvm.verifier;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;

/** A class file taken apart into header, members and attributes, and put together again. */
final class ClassShape {
    /** A field or method: flags, name and descriptor first, then its attributes as they are. */
    static final class Part {
        int flags;
        int name;
        int descriptor;
        final boolean method;
        byte[] attributes;

        Part(RawClass raw, Member member, boolean method) {
            this.flags = raw.memberFlags(member);
            this.name = raw.u2(member.offset() + 2);
            this.descriptor = raw.u2(member.offset() + 4);
            this.method = method;
            this.attributes = Arrays.copyOfRange(raw.bytes(), member.offset() + 6, member.end());
        }

        boolean isInitializer(ClassShape shape) {
            return shape.raw.utf8(name).startsWith("<");
        }
    }

    final RawClass raw;
    int flags;
    int superclass;
    final List<Integer> interfaces = new ArrayList<>();
    final List<Part> fields = new ArrayList<>();
    final List<Part> methods = new ArrayList<>();
    final List<byte[]> attributes = new ArrayList<>();
    private final byte[] pool;
    private final ByteArrayOutputStream added = new ByteArrayOutputStream();
    private int constants;

    ClassShape(RawClass raw) {
        this.raw = raw;
        this.flags = raw.accessFlags();
        this.pool = Arrays.copyOf(raw.bytes(), raw.constantPoolEnd());
        this.constants = raw.constantCount();
        this.superclass = raw.u2(raw.constantPoolEnd() + 4);
        for (int i = 0; i < raw.interfaceCount(); i++) {
            interfaces.add(raw.u2(raw.constantPoolEnd() + 8 + 2 * i));
        }
        for (int i = 0; i < raw.fieldCount(); i++) {
            fields.add(new Part(raw, raw.field(i), false));
        }
        for (int i = 0; i < raw.methodCount(); i++) {
            methods.add(new Part(raw, raw.method(i), true));
        }
        for (Attribute attribute : raw.attributes()) {
            attributes.add(
                    Arrays.copyOfRange(raw.bytes(), attribute.offset() - 6, attribute.offset() + attribute.length()));
        }
    }

    String nameOf(byte[] attribute) {
        return raw.utf8((attribute[0] & 0xff) << 8 | attribute[1] & 0xff);
    }

    /** Appends a name and returns its index. */
    int utf8(String text) {
        write(added, out -> {
            out.writeByte(RawClass.UTF8);
            out.writeUTF(text);
        });
        return constants++;
    }

    /** Appends a class and returns its index. */
    int classNamed(String name) {
        int text = utf8(name);
        write(added, out -> {
            out.writeByte(RawClass.CLASS);
            out.writeShort(text);
        });
        return constants++;
    }

    /** Makes the constructor calls of one class go to another one. */
    void redirectConstructors(int from, int to) {
        for (int i = 1; i < raw.constantCount(); i++) {
            if (raw.constantTag(i) == RawClass.METHOD_REF) {
                int offset = raw.constantOffset(i);
                int member = raw.constantOffset(raw.u2(offset + 3));
                if (raw.u2(offset + 1) == from && raw.utf8(raw.u2(member + 1)).equals("<init>")) {
                    pool[offset + 1] = (byte) (to >> 8);
                    pool[offset + 2] = (byte) to;
                }
            }
        }
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, out -> {
            out.write(pool, 0, 8);
            out.writeShort(constants);
            out.write(pool, 10, pool.length - 10);
            added.writeTo(out);
            out.writeShort(flags);
            out.writeShort(raw.u2(raw.constantPoolEnd() + 2));
            out.writeShort(superclass);
            out.writeShort(interfaces.size());
            for (int each : interfaces) {
                out.writeShort(each);
            }
            writeParts(out, fields);
            writeParts(out, methods);
            out.writeShort(attributes.size());
            for (byte[] each : attributes) {
                out.write(each);
            }
        });
        return bytes.toByteArray();
    }

    private static void writeParts(DataOutputStream out, List<Part> parts) throws IOException {
        out.writeShort(parts.size());
        for (Part each : parts) {
            out.writeShort(each.flags);
            out.writeShort(each.name);
            out.writeShort(each.descriptor);
            out.write(each.attributes);
        }
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static void write(ByteArrayOutputStream bytes, Writing writing) {
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

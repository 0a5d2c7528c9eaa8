package org.dvm.verifier.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;
import org.dvm.verifier.Fault;
import org.jspecify.annotations.Nullable;

/**
 * The class that stands for one that was refused: name, flags, supertypes and members are the same, and so are all
 * attributes but the code. Every method, and the initializer before all, raises the error.
 *
 * @paper DVM 3.1
 */
public final class ReplacementClass {
    private static final byte[] CLASS_INITIALIZER = "<clinit>".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_MESSAGE = 8000;
    private static final int MAX_COUNT = 0xffff;
    private static final int NEW_CONSTANTS = 11;
    private static final int CODE_LENGTH = 11;

    private final RawClass raw;
    private final int first;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private ReplacementClass(RawClass raw) {
        this.raw = raw;
        this.first = raw.constantCount();
    }

    /**
     * Returns the class file, or null where it has no room for what is needed.
     *
     * @param raw the class refused, which has passed the format check
     * @param fault why
     */
    public static byte @Nullable [] of(RawClass raw, Fault fault) {
        if (raw.constantCount() + NEW_CONSTANTS > MAX_COUNT || raw.methodCount() >= MAX_COUNT) {
            return null;
        }
        try {
            return new ReplacementClass(raw).write(fault);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] write(Fault fault) throws IOException {
        byte[] original = raw.bytes();
        out.write(original, 0, 8);
        out.writeShort(first + NEW_CONSTANTS);
        out.write(original, 10, raw.constantPoolEnd() - 10);
        writeConstants(fault);
        int methods = methodsOffset();
        out.write(original, raw.constantPoolEnd(), methods - raw.constantPoolEnd());
        writeMethods();
        int end = raw.methodCount() == 0
                ? methods + 2
                : raw.method(raw.methodCount() - 1).end();
        out.write(original, end, original.length - end);
        return bytes.toByteArray();
    }

    /** Returns the offset of {@code methods_count}. */
    private int methodsOffset() {
        if (raw.methodCount() > 0) {
            return raw.method(0).offset() - 2;
        }
        int fields = raw.constantPoolEnd() + 8 + 2 * raw.interfaceCount();
        return raw.fieldCount() == 0
                ? fields + 2
                : raw.field(raw.fieldCount() - 1).end();
    }

    private void writeConstants(Fault fault) throws IOException {
        String message = fault.render();
        utf8(fault.error().className());
        constant(RawClass.CLASS, first);
        utf8("<init>");
        utf8("(Ljava/lang/String;)V");
        constant(RawClass.NAME_AND_TYPE, first + 2, first + 3);
        constant(RawClass.METHOD_REF, first + 1, first + 4);
        utf8(message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message);
        constant(RawClass.STRING, first + 6);
        utf8("Code");
        utf8("<clinit>");
        utf8("()V");
    }

    private void utf8(String text) throws IOException {
        out.writeByte(RawClass.UTF8);
        out.writeUTF(text);
    }

    private void constant(int tag, int... indices) throws IOException {
        out.writeByte(tag);
        for (int index : indices) {
            out.writeShort(index);
        }
    }

    private void writeMethods() throws IOException {
        int kept = 0;
        for (int i = 0; i < raw.methodCount(); i++) {
            kept += isInitializer(raw.method(i)) ? 0 : 1;
        }
        out.writeShort(kept + 1);
        for (int i = 0; i < raw.methodCount(); i++) {
            if (!isInitializer(raw.method(i))) {
                writeMethod(raw.method(i));
            }
        }
        out.writeShort(0x0008);
        out.writeShort(first + 9);
        out.writeShort(first + 10);
        out.writeShort(1);
        writeCode(0);
    }

    private boolean isInitializer(Member method) {
        return raw.utf8Equals(raw.u2(method.offset() + 2), CLASS_INITIALIZER);
    }

    private void writeMethod(Member method) throws IOException {
        byte[] original = raw.bytes();
        out.write(original, method.offset(), 8); // flags, name, descriptor, attributes_count
        for (Attribute attribute : method.attributes()) {
            if (attribute.offset() == method.codeOffset()) {
                writeCode(raw.u2(method.codeOffset() + 2));
            } else {
                out.write(original, attribute.offset() - 6, attribute.length() + 6);
            }
        }
    }

    /** new error; dup; ldc message; invokespecial error.&lt;init&gt;; athrow. */
    private void writeCode(int maxLocals) throws IOException {
        out.writeShort(first + 8);
        out.writeInt(12 + CODE_LENGTH);
        out.writeShort(3);
        out.writeShort(maxLocals);
        out.writeInt(CODE_LENGTH);
        out.writeByte(Opcode.NEW);
        out.writeShort(first + 1);
        out.writeByte(Opcode.DUP);
        out.writeByte(Opcode.LDC_W);
        out.writeShort(first + 7);
        out.writeByte(Opcode.INVOKESPECIAL);
        out.writeShort(first + 5);
        out.writeByte(Opcode.ATHROW);
        out.writeShort(0);
        out.writeShort(0);
    }
}

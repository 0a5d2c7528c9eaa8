package org.dvm.verifier.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.OnceGuard;

/**
 * A synthetic class beside an interface, in its package, that holds the interface's guards: fields of an interface itself
 * are final, public, and there for everybody to see.
 *
 * <p><b>Threads:</b> confined to one thread.
 */
final class GuardHolder {
    private static final int MAGIC = 0xcafebabe;

    /** Interfaces have methods with code from this class file version on. */
    private static final int VERSION = 52;

    private static final int ACC_FINAL_SUPER_SYNTHETIC = 0x1030;
    private static final int ACC_STATIC_SYNTHETIC = 0x1008;
    private static final int CONSTANTS_OF_CLASS = 6;

    private final String name;
    private final List<String> fields = new ArrayList<>();

    /** Makes a holder without guards. */
    GuardHolder(String name) {
        this.name = name;
    }

    /** Adds a guard. */
    OnceGuard newGuard() {
        String field = "linked" + fields.size();
        fields.add(field);
        return new OnceGuard(name, field);
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    byte[] toClassFile() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            writeConstants(out);
            out.writeShort(ACC_FINAL_SUPER_SYNTHETIC);
            out.writeShort(2); // this class
            out.writeShort(4); // its superclass
            out.writeShort(0);
            out.writeShort(fields.size());
            for (int i = 0; i < fields.size(); i++) {
                out.writeShort(ACC_STATIC_SYNTHETIC);
                out.writeShort(CONSTANTS_OF_CLASS + i);
                out.writeShort(CONSTANTS_OF_CLASS - 1);
                out.writeShort(0);
            }
            out.writeShort(0);
            out.writeShort(0);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeConstants(DataOutputStream out) throws IOException {
        out.writeShort(CONSTANTS_OF_CLASS + fields.size());
        writeClass(out, name, 1);
        writeClass(out, "java/lang/Object", 3);
        writeUtf8(out, "Z");
        for (String field : fields) {
            writeUtf8(out, field);
        }
    }

    private static void writeClass(DataOutputStream out, String className, int index) throws IOException {
        writeUtf8(out, className);
        out.writeByte(RawClass.CLASS);
        out.writeShort(index);
    }

    private static void writeUtf8(DataOutputStream out, String text) throws IOException {
        out.writeByte(RawClass.UTF8);
        out.writeUTF(text);
    }
}

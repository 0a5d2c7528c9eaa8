package org.dvm.core.edit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.ClassOutline.Part;
import org.jspecify.annotations.Nullable;

/**
 * A class that stands for one that must not run: it has its name, version, flags, supertypes and members, so that its
 * users link, and whatever runs of it throws an error. Attributes, such as constant values, are left out.
 *
 * <p><b>Threads:</b> safe to call from any thread.
 */
public final class ThrowingClass {
    private static final int ACC_STATIC = 0x0008;
    private static final int ACC_ABSTRACT = 0x0400;

    /** Synchronized, native, and strict, which versions treat differently; none means anything without a body. */
    private static final int DROPPED_METHOD_FLAGS = 0x0020 | 0x0100 | 0x0800;

    private static final int CODE_LENGTH = 11;
    private static final int MAX_MESSAGE = 4_000;

    /** More members than this aren't tried one by one. */
    private static final int MAX_TRIED = 2_000;

    private static final String INITIALIZER = "<clinit>";

    private final Map<String, Integer> indices = new LinkedHashMap<>();
    private final ByteArrayOutputStream constantBytes = new ByteArrayOutputStream();
    private final DataOutputStream constants = new DataOutputStream(constantBytes);
    private final int errorClass;
    private final int errorConstructor;
    private final int text;
    private final int code;
    private int constantCount = 1;

    private ThrowingClass(String error, String message) {
        String shown = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
        errorClass = constant(RawClass.CLASS, utf8(error));
        int init = constant(RawClass.NAME_AND_TYPE, utf8("<init>"), utf8("(Ljava/lang/String;)V"));
        errorConstructor = constant(RawClass.METHOD_REF, errorClass, init);
        text = constant(RawClass.STRING, utf8(shown));
        code = utf8("Code");
    }

    /**
     * Returns a class that stands for a well-formed one.
     *
     * @param original the class that must not run
     * @param error internal name of an error whose constructor takes a message
     * @param message what the error says; cut where it is longer than some lines
     */
    public static byte[] of(RawClass original, String error, String message) {
        return write(ClassOutline.of(original), error, message);
    }

    /**
     * Returns a class that stands for bytes which are no well-formed class: with the supertypes and members that are in
     * order, or with the name alone.
     *
     * @param bytes what should have been a class file
     * @param nameOtherwise internal name for a class whose own can't be read; null if there is none to go by
     * @param error internal name of an error whose constructor takes a message
     * @param message what the error says; cut where it is longer than some lines
     * @return a well-formed class file, or null where no name is known
     */
    public static byte @Nullable [] ofMalformed(
            byte[] bytes, @Nullable String nameOtherwise, String error, String message) {
        ClassOutline read = ClassOutline.ofMalformed(bytes);
        byte[] standIn = read == null ? null : closestTo(read, error, message);
        return standIn == null && nameOtherwise != null
                ? wellFormed(ClassOutline.ofName(nameOtherwise), error, message)
                : standIn;
    }

    private static byte @Nullable [] closestTo(ClassOutline outline, String error, String message) {
        byte[] whole = wellFormed(outline, error, message);
        if (whole != null) {
            return whole;
        }
        for (ClassOutline plainer : outline.plainer()) {
            byte[] bare = wellFormed(plainer, error, message);
            if (bare != null && outline.fields().size() + outline.methods().size() > MAX_TRIED) {
                return bare;
            }
            if (bare != null) {
                byte[] withMembers = wellFormed(soundMembers(outline, plainer, error, message), error, message);
                return withMembers == null ? bare : withMembers;
            }
        }
        return null;
    }

    /** Returns an outline with those members of another one that are well formed each by itself. */
    private static ClassOutline soundMembers(ClassOutline outline, ClassOutline bare, String error, String message) {
        List<Part> fields = new ArrayList<>(outline.fields());
        fields.removeIf(each -> wellFormed(bare.withMembers(List.of(each), List.of()), error, message) == null);
        List<Part> methods = new ArrayList<>(outline.methods());
        methods.removeIf(each -> wellFormed(bare.withMembers(List.of(), List.of(each)), error, message) == null);
        return bare.withMembers(fields, methods);
    }

    private static byte @Nullable [] wellFormed(ClassOutline outline, String error, String message) {
        try {
            byte[] written = write(outline, error, message);
            return FormatChecker.examine(written, JvmRelease.NEWEST).isEmpty() ? written : null;
        } catch (RuntimeException e) { // descriptors that are none, texts too long
            return null;
        }
    }

    // ---- writing ----

    private static byte[] write(ClassOutline outline, String error, String message) {
        ThrowingClass made = new ThrowingClass(error, message);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            made.writeBody(outline, new DataOutputStream(body));
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(whole);
            out.writeInt(0xCAFEBABE);
            out.writeShort(outline.minorVersion());
            out.writeShort(outline.majorVersion());
            out.writeShort(made.constantCount);
            made.constantBytes.writeTo(out);
            body.writeTo(out);
            return whole.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory doesn't fail to write
        }
    }

    private void writeBody(ClassOutline outline, DataOutputStream out) throws IOException {
        out.writeShort(outline.accessFlags());
        out.writeShort(constant(RawClass.CLASS, utf8(outline.name())));
        String superName = outline.superName();
        out.writeShort(superName == null ? 0 : constant(RawClass.CLASS, utf8(superName)));
        out.writeShort(outline.interfaces().size());
        for (String each : outline.interfaces()) {
            out.writeShort(constant(RawClass.CLASS, utf8(each)));
        }
        out.writeShort(outline.fields().size());
        for (Part field : outline.fields()) {
            writeMember(out, field, field.flags());
            out.writeShort(0);
        }
        writeMethods(outline.methods(), out);
        out.writeShort(0);
    }

    private void writeMethods(List<Part> methods, DataOutputStream out) throws IOException {
        boolean hasInitializer = methods.stream().anyMatch(each -> each.name().equals(INITIALIZER));
        out.writeShort(methods.size() + (hasInitializer ? 0 : 1));
        for (Part method : methods) {
            writeMethod(out, method);
        }
        if (!hasInitializer) {
            writeMethod(out, new Part(ACC_STATIC, INITIALIZER, "()V"));
        }
    }

    private void writeMethod(DataOutputStream out, Part method) throws IOException {
        if ((method.flags() & ACC_ABSTRACT) != 0) {
            writeMember(out, method, method.flags());
            out.writeShort(0);
            return;
        }
        writeMember(out, method, method.flags() & ~DROPPED_METHOD_FLAGS);
        out.writeShort(1);
        out.writeShort(code);
        out.writeInt(12 + CODE_LENGTH);
        out.writeShort(3);
        out.writeShort(Descriptors.parameterSlots(method.descriptor()) + 1);
        out.writeInt(CODE_LENGTH);
        out.writeByte(Bytecode.NEW);
        out.writeShort(errorClass);
        out.writeByte(Bytecode.DUP);
        out.writeByte(Bytecode.LDC_W);
        out.writeShort(text);
        out.writeByte(Bytecode.INVOKESPECIAL);
        out.writeShort(errorConstructor);
        out.writeByte(Bytecode.ATHROW);
        out.writeShort(0); // no handlers
        out.writeShort(0); // no attributes
    }

    private void writeMember(DataOutputStream out, Part member, int flags) throws IOException {
        out.writeShort(flags);
        out.writeShort(utf8(member.name()));
        out.writeShort(utf8(member.descriptor()));
    }

    private int utf8(String value) {
        return indices.computeIfAbsent("utf8 " + value, key -> {
            write(RawClass.UTF8, out -> out.writeUTF(value));
            return constantCount++;
        });
    }

    private int constant(int tag, int... parts) {
        StringBuilder key = new StringBuilder().append(tag);
        for (int part : parts) {
            key.append(' ').append(part);
        }
        return indices.computeIfAbsent(key.toString(), unused -> {
            write(tag, out -> {
                for (int part : parts) {
                    out.writeShort(part);
                }
            });
            return constantCount++;
        });
    }

    private interface Content {
        void to(DataOutputStream out) throws IOException;
    }

    private void write(int tag, Content content) {
        try {
            constants.writeByte(tag);
            content.to(constants);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text too long for a constant
        }
    }
}

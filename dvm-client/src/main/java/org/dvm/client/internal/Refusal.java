package org.dvm.client.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.LinkError;
import org.dvm.core.pipeline.TransformResult;

/**
 * What stands in for a class that must not run. A JVM ignores what a class-file transformer throws and loads the class
 * as it was, so that a refusal has to be a class file.
 */
public final class Refusal {
    private static final int ACC_ABSTRACT = 0x0400;
    private static final int ACC_STATIC = 0x0008;
    /** Synchronized, native, and strict, which versions treat differently; none means anything without a body. */
    private static final int DROPPED_METHOD_FLAGS = 0x0020 | 0x0100 | 0x0800;

    /** What no JVM accepts as a class: for input of which not even the structure can be read. */
    private static final byte[] NO_CLASS = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE};

    private static final int MAX_MESSAGE = 4_000;

    private Refusal() {}

    /** Returns bytes that no JVM accepts as a class, so that defining it fails. */
    public static byte[] noClass() {
        return NO_CLASS.clone();
    }

    /** Returns why a class failed, in one line. */
    public static String message(TransformResult failed) {
        return "refused by dvm: " + failed.firstError();
    }

    /** Returns the error to throw in place of defining a class that failed. */
    public static LinkageError error(TransformResult failed) {
        LinkError error = failed.firstError().rule().error();
        String message = message(failed);
        return switch (error) {
            case CLASS_FORMAT -> new ClassFormatError(message);
            case UNSUPPORTED_CLASS_VERSION -> new UnsupportedClassVersionError(message);
            case CLASS_CIRCULARITY -> new ClassCircularityError(message);
            case NO_CLASS_DEF_FOUND -> new NoClassDefFoundError(message);
            case INCOMPATIBLE_CLASS_CHANGE -> new IncompatibleClassChangeError(message);
            case ILLEGAL_ACCESS -> new IllegalAccessError(message);
            case INSTANTIATION -> new InstantiationError(message);
            case NO_SUCH_FIELD -> new NoSuchFieldError(message);
            case NO_SUCH_METHOD -> new NoSuchMethodError(message);
            case ABSTRACT_METHOD -> new AbstractMethodError(message);
            case BOOTSTRAP_METHOD -> new BootstrapMethodError(message);
            case VERIFY -> new VerifyError(message);
            case NONE, LINKAGE -> new LinkageError(message);
        };
    }

    /**
     * Returns a class with the members of the one that failed, in which every method and the initializer throw the
     * finding's error. Where the class can't be read, what is returned is no class and its definition fails.
     */
    public static byte[] classFile(byte[] original, TransformResult failed) {
        try {
            Finding finding = failed.firstError();
            String error = finding.rule().error() == LinkError.NONE
                    ? LinkError.LINKAGE.className()
                    : finding.rule().error().className();
            return new Stub(RawClass.parse(original), error, message(failed)).write();
        } catch (ClassFormatException | RuntimeException e) {
            return noClass();
        }
    }

    /** Writes the class that throws. */
    private static final class Stub {
        private final RawClass original;
        private final Map<String, Integer> indices = new LinkedHashMap<>();
        private final ByteArrayOutputStream constantBytes = new ByteArrayOutputStream();
        private final DataOutputStream constants = new DataOutputStream(constantBytes);
        private final int errorClass;
        private final int errorConstructor;
        private final int text;
        private final int code;
        private int constantCount = 1;

        Stub(RawClass original, String error, String message) {
            this.original = original;
            String shown = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
            errorClass = constant(RawClass.CLASS, utf8(error));
            int init = constant(RawClass.NAME_AND_TYPE, utf8("<init>"), utf8("(Ljava/lang/String;)V"));
            errorConstructor = constant(RawClass.METHOD_REF, errorClass, init);
            text = constant(RawClass.STRING, utf8(shown));
            code = utf8("Code");
        }

        byte[] write() {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try {
                writeBody(new DataOutputStream(body));
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(whole);
                out.writeInt(0xCAFEBABE);
                out.writeShort(original.minorVersion());
                out.writeShort(original.majorVersion());
                out.writeShort(constantCount);
                constantBytes.writeTo(out);
                body.writeTo(out);
                return whole.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory doesn't fail to write
            }
        }

        private void writeBody(DataOutputStream out) throws IOException {
            out.writeShort(original.accessFlags());
            out.writeShort(constant(RawClass.CLASS, utf8(original.className())));
            String superName = original.superName();
            out.writeShort(superName == null ? 0 : constant(RawClass.CLASS, utf8(superName)));
            out.writeShort(original.interfaceCount());
            for (int i = 0; i < original.interfaceCount(); i++) {
                out.writeShort(constant(RawClass.CLASS, utf8(original.interfaceName(i))));
            }
            out.writeShort(original.fieldCount());
            for (int i = 0; i < original.fieldCount(); i++) {
                RawClass.Member field = original.field(i);
                writeMember(
                        out, original.memberFlags(field), original.memberName(field), original.memberDescriptor(field));
                out.writeShort(0);
            }
            writeMethods(out);
            out.writeShort(0);
        }

        private void writeMethods(DataOutputStream out) throws IOException {
            int count = original.methodCount();
            boolean hasInitializer = false;
            for (int i = 0; i < count; i++) {
                hasInitializer |= original.memberName(original.method(i)).equals("<clinit>");
            }
            out.writeShort(hasInitializer ? count : count + 1);
            for (int i = 0; i < count; i++) {
                RawClass.Member method = original.method(i);
                writeMethod(
                        out,
                        original.memberFlags(method),
                        original.memberName(method),
                        original.memberDescriptor(method));
            }
            if (!hasInitializer) {
                writeMethod(out, ACC_STATIC, "<clinit>", "()V");
            }
        }

        private void writeMethod(DataOutputStream out, int flags, String name, String descriptor) throws IOException {
            if ((flags & ACC_ABSTRACT) != 0) {
                writeMember(out, flags, name, descriptor);
                out.writeShort(0);
                return;
            }
            writeMember(out, flags & ~DROPPED_METHOD_FLAGS, name, descriptor);
            out.writeShort(1);
            out.writeShort(code);
            out.writeInt(12 + 11);
            out.writeShort(3);
            out.writeShort(parameterSlots(descriptor) + 1);
            out.writeInt(11);
            out.writeByte(0xbb); // new
            out.writeShort(errorClass);
            out.writeByte(0x59); // dup
            out.writeByte(0x13); // ldc_w
            out.writeShort(text);
            out.writeByte(0xb7); // invokespecial
            out.writeShort(errorConstructor);
            out.writeByte(0xbf); // athrow
            out.writeShort(0); // no handlers
            out.writeShort(0); // no attributes
        }

        private void writeMember(DataOutputStream out, int flags, String name, String descriptor) throws IOException {
            out.writeShort(flags);
            out.writeShort(utf8(name));
            out.writeShort(utf8(descriptor));
        }

        private static int parameterSlots(String descriptor) {
            int slots = 0;
            for (int i = 1; descriptor.charAt(i) != ')'; i++) {
                char c = descriptor.charAt(i);
                slots += c == 'J' || c == 'D' ? 2 : 1;
                while (descriptor.charAt(i) == '[') {
                    i++;
                }
                if (descriptor.charAt(i) == 'L') {
                    i = descriptor.indexOf(';', i);
                }
            }
            return slots;
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
}

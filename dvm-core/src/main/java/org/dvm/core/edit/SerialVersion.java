package org.dvm.core.edit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.dvm.core.classfile.RawClass;

/**
 * The serial version that serialization computes for a class that declares none. Members that edits add would change
 * it, and old data could no longer be read; so the original one is then declared.
 *
 * <p>Source: Java Object Serialization Specification 4.6.
 */
final class SerialVersion {
    static final String FIELD = "serialVersionUID";

    /** Serialization looks for static and final only; synthetic says to all others that nobody wrote it. */
    static final int ACCESS_FLAGS = 0x1000 | Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL;

    private static final int ENUM = 0x4000;
    private static final int CLASS_FLAGS = Modifier.PUBLIC | Modifier.FINAL | Modifier.INTERFACE | Modifier.ABSTRACT;
    private static final int FIELD_FLAGS = Modifier.PUBLIC
            | Modifier.PRIVATE
            | Modifier.PROTECTED
            | Modifier.STATIC
            | Modifier.FINAL
            | Modifier.VOLATILE
            | Modifier.TRANSIENT;
    private static final int METHOD_FLAGS = Modifier.PUBLIC
            | Modifier.PRIVATE
            | Modifier.PROTECTED
            | Modifier.STATIC
            | Modifier.FINAL
            | Modifier.SYNCHRONIZED
            | Modifier.NATIVE
            | Modifier.ABSTRACT
            | Modifier.STRICT;

    private record Member(String name, String descriptor, int flags) {}

    private SerialVersion() {}

    /** Returns whether serialization would compute a version for the class: it is no enum or record and has none. */
    static boolean isImplicit(RawClass raw) {
        if ((raw.accessFlags() & (Modifier.INTERFACE | ENUM)) != 0 || "java/lang/Record".equals(raw.superName())) {
            return false;
        }
        for (int i = 0; i < raw.fieldCount(); i++) {
            if (raw.memberName(raw.field(i)).equals(FIELD)) {
                return false;
            }
        }
        return true;
    }

    static long of(RawClass raw) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            describe(raw, new DataOutputStream(bytes));
            byte[] digest = MessageDigest.getInstance("SHA").digest(bytes.toByteArray());
            long version = 0;
            for (int i = 7; i >= 0; i--) {
                version = version << 8 | digest[i] & 0xff;
            }
            return version;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static void describe(RawClass raw, DataOutputStream out) throws IOException {
        out.writeUTF(raw.className().replace('/', '.'));
        out.writeInt(classModifiers(raw) & CLASS_FLAGS);
        String[] interfaces = new String[raw.interfaceCount()];
        for (int i = 0; i < interfaces.length; i++) {
            interfaces[i] = raw.interfaceName(i).replace('/', '.');
        }
        Arrays.sort(interfaces);
        for (String name : interfaces) {
            out.writeUTF(name);
        }
        List<Member> fields = new ArrayList<>();
        for (int i = 0; i < raw.fieldCount(); i++) {
            Member field = member(raw, raw.field(i), FIELD_FLAGS);
            boolean counts = !Modifier.isPrivate(field.flags())
                    || !Modifier.isStatic(field.flags()) && !Modifier.isTransient(field.flags());
            if (counts) {
                fields.add(field);
            }
        }
        fields.sort(Comparator.comparing(Member::name));
        for (Member field : fields) {
            write(field, field.descriptor(), out);
        }
        describeMethods(raw, out);
    }

    private static void describeMethods(RawClass raw, DataOutputStream out) throws IOException {
        List<Member> constructors = new ArrayList<>();
        List<Member> methods = new ArrayList<>();
        for (int i = 0; i < raw.methodCount(); i++) {
            Member method = member(raw, raw.method(i), METHOD_FLAGS);
            if (method.name().equals("<clinit>")) {
                write(new Member("<clinit>", "()V", Modifier.STATIC), "()V", out);
            } else if (!Modifier.isPrivate(method.flags())) {
                (method.name().equals("<init>") ? constructors : methods).add(method);
            }
        }
        constructors.sort(Comparator.comparing(Member::descriptor));
        methods.sort(Comparator.comparing(Member::name).thenComparing(Member::descriptor));
        for (Member constructor : constructors) {
            write(constructor, constructor.descriptor().replace('/', '.'), out);
        }
        for (Member method : methods) {
            write(method, method.descriptor().replace('/', '.'), out);
        }
    }

    private static Member member(RawClass raw, RawClass.Member member, int mask) {
        return new Member(raw.memberName(member), raw.memberDescriptor(member), raw.memberFlags(member) & mask);
    }

    private static void write(Member member, String descriptor, DataOutputStream out) throws IOException {
        out.writeUTF(member.name());
        out.writeInt(member.flags());
        out.writeUTF(descriptor);
    }

    /** Returns the modifiers as Class.getModifiers gives them: for nested classes those that InnerClasses states. */
    private static int classModifiers(RawClass raw) {
        RawClass.Attribute inner = raw.attribute(raw.attributes(), "InnerClasses");
        if (inner != null && inner.length() >= 2) {
            int count = Math.min(raw.u2(inner.offset()), (inner.length() - 2) / 8);
            for (int i = 0, at = inner.offset() + 2; i < count; i++, at += 8) {
                if (raw.name(raw.u2(at)).equals(raw.className())) {
                    return raw.u2(at + 6);
                }
            }
        }
        return raw.accessFlags();
    }
}

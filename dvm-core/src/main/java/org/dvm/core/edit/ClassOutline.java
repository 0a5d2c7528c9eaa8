package org.dvm.core.edit;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.classfile.RawClass.Member;
import org.jspecify.annotations.Nullable;

/**
 * What a class is to its users: name, version, flags, supertypes and members.
 *
 * @param minorVersion of the class file
 * @param majorVersion of the class file
 * @param accessFlags of the class file
 * @param name internal name
 * @param superName internal name; null for java/lang/Object
 * @param interfaces internal names
 * @param fields declared here
 * @param methods declared here
 */
record ClassOutline(
        int minorVersion,
        int majorVersion,
        int accessFlags,
        String name,
        @Nullable String superName,
        List<String> interfaces,
        List<Part> fields,
        List<Part> methods) {
    private static final String OBJECT = "java/lang/Object";
    private static final int ACC_PUBLIC_SUPER = 0x0021;
    private static final int ACC_INTERFACE = 0x0200;
    private static final int ACC_PUBLIC_INTERFACE_ABSTRACT = 0x0601;

    /** A version that every JVM knows, for what has none of them. */
    private static final int VERSION = 52;

    /** A field or method. */
    record Part(int flags, String name, String descriptor) {}

    ClassOutline {
        interfaces = List.copyOf(interfaces);
        fields = List.copyOf(fields);
        methods = List.copyOf(methods);
    }

    /** Returns the outline of a sound class. */
    static ClassOutline of(RawClass raw) {
        List<String> interfaces = new ArrayList<>();
        for (int i = 0; i < raw.interfaceCount(); i++) {
            interfaces.add(raw.interfaceName(i));
        }
        List<Part> fields = new ArrayList<>();
        for (int i = 0; i < raw.fieldCount(); i++) {
            fields.add(part(raw, raw.field(i)));
        }
        List<Part> methods = new ArrayList<>();
        for (int i = 0; i < raw.methodCount(); i++) {
            methods.add(part(raw, raw.method(i)));
        }
        return new ClassOutline(
                raw.minorVersion(),
                raw.majorVersion(),
                raw.accessFlags(),
                raw.className(),
                raw.superName(),
                interfaces,
                fields,
                methods);
    }

    private static Part part(RawClass raw, Member member) {
        return new Part(raw.memberFlags(member), raw.memberName(member), raw.memberDescriptor(member));
    }

    /** Returns the outline of a class of which only the name is known. */
    static ClassOutline ofName(String name) {
        return new ClassOutline(0, VERSION, ACC_PUBLIC_SUPER, name, OBJECT, List.of(), List.of(), List.of());
    }

    /** Returns what can be read of bytes that are no sound class, or null where not even a name can. */
    static @Nullable ClassOutline ofMalformed(byte[] bytes) {
        try {
            return of(RawClass.parse(bytes));
        } catch (ClassFormatException | RuntimeException e) { // the structure or what names it is broken
            return header(bytes);
        }
    }

    /** Reads no further than to the superclass; what stands before must be in order. */
    private static @Nullable ClassOutline header(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.readInt();
            int minor = in.readUnsignedShort();
            int major = in.readUnsignedShort();
            String[] texts = new String[in.readUnsignedShort()];
            int[] names = new int[texts.length];
            for (int i = 1; i < texts.length; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case RawClass.UTF8 -> texts[i] = in.readUTF();
                    case RawClass.CLASS -> names[i] = in.readUnsignedShort();
                    case RawClass.STRING, RawClass.METHOD_TYPE, RawClass.MODULE, RawClass.PACKAGE -> in.readShort();
                    case RawClass.METHOD_HANDLE -> in.skipNBytes(3);
                    case RawClass.LONG, RawClass.DOUBLE -> {
                        in.readLong();
                        i++;
                    }
                    default -> in.readInt();
                }
            }
            int flags = in.readUnsignedShort();
            String name = texts[names[in.readUnsignedShort()]];
            String superName = texts[names[in.readUnsignedShort()]];
            return name == null
                    ? null
                    : new ClassOutline(minor, major, flags, name, superName, List.of(), List.of(), List.of());
        } catch (IOException | RuntimeException e) {
            return null; // truncated, or indices that lead nowhere
        }
    }

    /** Returns other outlines of the same name, from this one's own header down to the plainest, all without members. */
    List<ClassOutline> plainer() {
        int plain = (accessFlags & ACC_INTERFACE) != 0 ? ACC_PUBLIC_INTERFACE_ABSTRACT : ACC_PUBLIC_SUPER;
        List<ClassOutline> outlines = new ArrayList<>();
        for (int version : new int[] {majorVersion, VERSION}) {
            int minor = version == majorVersion ? minorVersion : 0;
            for (int flags : new int[] {accessFlags, plain}) {
                outlines.add(without(minor, version, flags, superName, interfaces));
                outlines.add(without(minor, version, flags, OBJECT, List.of()));
            }
        }
        outlines.add(ofName(name));
        return outlines;
    }

    private ClassOutline without(
            int minor, int major, int flags, @Nullable String newSuperName, List<String> newInterfaces) {
        return new ClassOutline(minor, major, flags, name, newSuperName, newInterfaces, List.of(), List.of());
    }

    ClassOutline withMembers(List<Part> newFields, List<Part> newMethods) {
        return new ClassOutline(
                minorVersion, majorVersion, accessFlags, name, superName, interfaces, newFields, newMethods);
    }
}

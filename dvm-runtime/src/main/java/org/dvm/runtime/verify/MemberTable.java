package org.dvm.runtime.verify;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members that a class declares, with their flags, by name and descriptor.
 *
 * <p>It is read from the class file, which describes itself; reflection is slower and fails where a single type in any
 * member's signature is missing. Only for classes without a class file to read, such as generated ones, reflection is
 * asked.
 *
 * <p><b>Threads:</b> immutable; kept with its class.
 */
final class MemberTable {
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    private static final ClassValue<MemberTable> TABLES = new ClassValue<>() {
        @Override
        protected MemberTable computeValue(Class<?> type) {
            return new MemberTable(type);
        }
    };

    private final Map<String, Integer> fields = new HashMap<>();
    private final Map<String, Integer> methods = new HashMap<>();

    private MemberTable(Class<?> type) {
        byte[] classFile = read(type);
        if (classFile == null || !parse(classFile, type.getName().replace('.', '/'))) {
            fields.clear();
            methods.clear();
            reflect(type);
        }
    }

    static MemberTable of(Class<?> type) {
        return TABLES.get(type);
    }

    /** Returns a declared member's access flags, or -1. */
    int flags(boolean field, String name, String descriptor) {
        return (field ? fields : methods).getOrDefault(name + ' ' + descriptor, -1);
    }

    private static byte @Nullable [] read(Class<?> type) {
        String name = type.getName();
        try (InputStream file = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return file == null ? null : file.readAllBytes();
        } catch (IOException e) {
            return null; // no class file: reflection knows, too
        }
    }

    /** Reads the members; returns false where these bytes aren't that class's file. */
    private boolean parse(byte[] classFile, String expectedName) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
            in.skipBytes(8);
            String[] texts = new String[in.readUnsignedShort()];
            int[] references = new int[texts.length];
            readConstants(in, texts, references);
            in.skipBytes(2);
            boolean expected = expectedName.equals(texts[references[in.readUnsignedShort()]]);
            in.skipBytes(2);
            in.skipBytes(2 * in.readUnsignedShort());
            readMembers(in, texts, fields);
            readMembers(in, texts, methods);
            return expected;
        } catch (IOException | IndexOutOfBoundsException e) {
            return false; // not a class file after all
        }
    }

    private static void readConstants(DataInputStream in, String[] texts, int[] references) throws IOException {
        for (int i = 1; i < texts.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8:
                    texts[i] = in.readUTF();
                    break;
                case 7:
                case 8:
                case 16:
                case 19:
                case 20:
                    references[i] = in.readUnsignedShort();
                    break;
                case 15:
                    in.skipBytes(3);
                    break;
                case LONG:
                case DOUBLE:
                    in.skipBytes(8);
                    i++; // takes two indices
                    break;
                default:
                    in.skipBytes(4);
            }
        }
    }

    private static void readMembers(DataInputStream in, String[] texts, Map<String, Integer> members)
            throws IOException {
        for (int count = in.readUnsignedShort(); count > 0; count--) {
            int flags = in.readUnsignedShort();
            members.put(texts[in.readUnsignedShort()] + ' ' + texts[in.readUnsignedShort()], flags);
            for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
                in.skipBytes(2);
                in.skipNBytes(in.readInt());
            }
        }
    }

    private void reflect(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            fields.put(field.getName() + ' ' + field.getType().descriptorString(), field.getModifiers());
        }
        for (Method method : type.getDeclaredMethods()) {
            MethodType signature = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
            methods.put(method.getName() + ' ' + signature.toMethodDescriptorString(), method.getModifiers());
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            MethodType signature = MethodType.methodType(void.class, constructor.getParameterTypes());
            methods.put("<init> " + signature.toMethodDescriptorString(), constructor.getModifiers());
        }
    }
}

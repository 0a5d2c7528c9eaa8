package org.dvm.runtime.verify;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a class says of itself: flags, supertypes, and its members' names, descriptors and flags.
 *
 * <p>The static component attaches it to every class that it lets pass, as the attribute {@value #ATTRIBUTE}, the last one,
 * so that it is found from the end of the file without a look at the constant pool:
 *
 * <pre>
 *  0        2          ...                                          length        +4          +8
 * +--------+----------+---------------------------------------------+-------------+-----------+
 * | flags  | names of class, superclass, interfaces; fields; methods | length      | MAGIC     | end of file
 * +--------+----------+---------------------------------------------+-------------+-----------+
 * </pre>
 *
 * <p>Names are modified UTF-8 behind their length in two bytes, lists stand behind their count. A table of another class
 * than the one asked for, or a file that doesn't end in one, is passed over for the class file itself, which says the same
 * in more words.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @paper DVM 3.1
 */
public final class FactTable {
    /** The attribute's name. */
    public static final String ATTRIBUTE = "org.dvm.Facts";

    private static final int MAGIC = 0x64766d46;
    private static final int TRAILER = 8;

    /** No name or descriptor contains it. */
    private static final char END_OF_NAME = '.';

    private final int flags;
    private final String name;
    private final @Nullable String superclass;
    private final List<String> interfaces;
    private final Map<String, Integer> fields;
    private final Map<String, Integer> methods;

    FactTable(
            int flags,
            String name,
            @Nullable String superclass,
            List<String> interfaces,
            Map<String, Integer> fields,
            Map<String, Integer> methods) {
        this.flags = flags;
        this.name = name;
        this.superclass = superclass;
        this.interfaces = List.copyOf(interfaces);
        this.fields = fields;
        this.methods = methods;
    }

    /**
     * Reads the table that a class file carries; where it carries none, makes it of the class file's header and members.
     *
     * @param classFile all bytes of the class file
     * @param name internal name of the class that it should be
     * @return the table, or null where these bytes aren't that class's file
     */
    public static @Nullable FactTable read(byte[] classFile, String name) {
        FactTable attached = attached(classFile);
        if (attached != null && attached.name.equals(name)) {
            return attached;
        }
        FactTable parsed = parse(classFile);
        return parsed != null && parsed.name.equals(name) ? parsed : null;
    }

    /** Makes the table of a class file's header and members, whatever table it carries; null if it isn't a class file. */
    public static @Nullable FactTable parse(byte[] classFile) {
        try {
            return new ClassFileReader(classFile).read();
        } catch (IndexOutOfBoundsException e) {
            return null; // not a class file after all
        }
    }

    /** Returns whether a class file ends in a table, whoever wrote it. */
    public static boolean isAttached(byte[] classFile) {
        return attached(classFile) != null;
    }

    /** Reads the table at the end of a class file; null where none is. */
    private static @Nullable FactTable attached(byte[] classFile) {
        int end = classFile.length - TRAILER;
        try {
            ByteReader trailer = new ByteReader(classFile, end);
            int length = trailer.u4();
            if (trailer.u4() != MAGIC || length < 0 || length > end) {
                return null;
            }
            return read(new ByteReader(classFile, end - length));
        } catch (IndexOutOfBoundsException e) {
            return null; // the last bytes only looked like a table
        }
    }

    private static FactTable read(ByteReader in) {
        int flags = in.u2();
        String name = in.utf8();
        String superclass = in.utf8();
        String[] interfaces = new String[in.u2()];
        for (int i = 0; i < interfaces.length; i++) {
            interfaces[i] = in.utf8();
        }
        return new FactTable(
                flags,
                name,
                superclass.isEmpty() ? null : superclass,
                List.of(interfaces),
                readMembers(in),
                readMembers(in));
    }

    private static Map<String, Integer> readMembers(ByteReader in) {
        int count = in.u2();
        Map<String, Integer> members = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int flags = in.u2();
            members.putIfAbsent(key(in.utf8(), in.utf8()), flags);
        }
        return members;
    }

    static String key(String name, String descriptor) {
        return name + END_OF_NAME + descriptor;
    }

    /** Returns the attribute's content. */
    public byte[] toAttribute() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeShort(flags);
            out.writeUTF(name);
            out.writeUTF(superclass == null ? "" : superclass);
            out.writeShort(interfaces.size());
            for (String each : interfaces) {
                out.writeUTF(each);
            }
            writeMembers(out, fields);
            writeMembers(out, methods);
            int length = out.size();
            out.writeInt(length);
            out.writeInt(MAGIC);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeMembers(DataOutputStream out, Map<String, Integer> members) throws IOException {
        out.writeShort(members.size());
        for (Map.Entry<String, Integer> member : members.entrySet()) {
            int end = member.getKey().indexOf(END_OF_NAME);
            out.writeShort(member.getValue());
            out.writeUTF(member.getKey().substring(0, end));
            out.writeUTF(member.getKey().substring(end + 1));
        }
    }

    /** Returns the class's internal name. */
    public String name() {
        return name;
    }

    /** Returns the class file's access flags. */
    public int flags() {
        return flags;
    }

    /** Returns the superclass's internal name; null for java/lang/Object. */
    public @Nullable String superclass() {
        return superclass;
    }

    /** Returns the direct superinterfaces' internal names. */
    public List<String> interfaces() {
        return interfaces;
    }

    /** Returns a declared field's access flags, or {@link Facts#ABSENT}. */
    public int fieldFlags(String field, String descriptor) {
        return fields.getOrDefault(key(field, descriptor), Facts.ABSENT);
    }

    /** Returns a declared method's access flags, or {@link Facts#ABSENT}. */
    public int methodFlags(String method, String descriptor) {
        return methods.getOrDefault(key(method, descriptor), Facts.ABSENT);
    }
}

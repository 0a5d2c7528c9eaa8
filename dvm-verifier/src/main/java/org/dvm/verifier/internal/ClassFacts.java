package org.dvm.verifier.internal;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.Attribute;
import org.dvm.core.classfile.RawClass.Member;
import org.jspecify.annotations.Nullable;

/**
 * What verification asks about a class: its flags, supertypes and members; not its code.
 *
 * <p><b>Threads:</b> safe to share; the member tables are made on first use by idempotent writes.
 */
final class ClassFacts {
    private static final int ACC_INTERFACE = 0x0200;

    private static final int[] NO_HASHES = {};

    private final ClassSource source;
    private final String name;
    private final int flags;
    private final @Nullable String superName;
    private final String[] interfaces;
    private final int[] finalMethodHashes;
    private final String @Nullable [] permitted;
    private volatile @Nullable Set<String> supertypes;
    private @Nullable ClassFacts superclass;
    private @Nullable Map<String, Integer> methods;
    private @Nullable Map<String, Integer> fields;

    /** Gives a class's bytes again, for the tables made later, so that facts don't keep them. */
    interface ClassSource {
        @Nullable
        RawClass get();
    }

    ClassFacts(RawClass raw, ClassSource source) {
        this.source = source;
        this.name = raw.className();
        this.flags = raw.accessFlags();
        this.superName = raw.superName();
        this.interfaces = new String[raw.interfaceCount()];
        for (int i = 0; i < interfaces.length; i++) {
            interfaces[i] = raw.interfaceName(i);
        }
        this.finalMethodHashes = finalMethodHashes(raw);
        this.permitted = permittedSubclasses(raw);
    }

    private static int[] finalMethodHashes(RawClass raw) {
        int[] hashes = new int[raw.methodCount()];
        int count = 0;
        for (int i = 0; i < raw.methodCount(); i++) {
            if ((raw.memberFlags(raw.method(i)) & Modifier.FINAL) != 0) {
                hashes[count++] = nameHash(raw, raw.method(i));
            }
        }
        return count == 0 ? NO_HASHES : Arrays.copyOf(hashes, count);
    }

    /** Returns a hash of a member's name, without making a string of it. */
    static int nameHash(RawClass raw, Member member) {
        int offset = raw.constantOffset(raw.u2(member.offset() + 2));
        int end = offset + 3 + raw.u2(offset + 1);
        int hash = 0;
        for (int at = offset + 3; at < end; at++) {
            hash = 31 * hash + raw.u1(at);
        }
        return hash;
    }

    private static String @Nullable [] permittedSubclasses(RawClass raw) {
        if (raw.majorVersion() < 61) {
            return null;
        }
        Attribute attribute = raw.attribute(raw.attributes(), "PermittedSubclasses");
        if (attribute == null || attribute.length() < 2) {
            return null;
        }
        int count = Math.min(raw.u2(attribute.offset()), (attribute.length() - 2) / 2);
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = className(raw, attribute.offset() + 2 + 2 * i);
        }
        return names;
    }

    /** Returns the name of a class that an attribute refers to; empty where it refers to none: nobody has checked it. */
    private static String className(RawClass raw, int offset) {
        int index = raw.u2(offset);
        if (index >= raw.constantCount() || raw.constantTag(index) != RawClass.CLASS) {
            return "";
        }
        int name = raw.u2(raw.constantOffset(index) + 1);
        return name < raw.constantCount() && raw.constantTag(name) == RawClass.UTF8 ? raw.utf8(name) : "";
    }

    String name() {
        return name;
    }

    @Nullable
    String superName() {
        return superName;
    }

    String[] interfaces() {
        return interfaces;
    }

    int flags() {
        return flags;
    }

    boolean isInterface() {
        return (flags & ACC_INTERFACE) != 0;
    }

    boolean isFinal() {
        return Modifier.isFinal(flags);
    }

    boolean isAbstract() {
        return Modifier.isAbstract(flags);
    }

    boolean isPublic() {
        return Modifier.isPublic(flags);
    }

    /** Returns the superclass that {@link #setSuperclass} has noted, or null. */
    @Nullable
    ClassFacts superclass() {
        return superclass;
    }

    /** Notes the superclass of the same world; idempotent, so it needs no lock. */
    void setSuperclass(ClassFacts found) {
        superclass = found;
    }

    /** Returns the names of this class and all its supertypes, once it has been found to load; null before. */
    @Nullable
    Set<String> supertypes() {
        return supertypes;
    }

    /** Returns whether this class has been found to load, and doesn't have that class as a supertype. */
    boolean loadsBeside(String other) {
        Set<String> known = supertypes;
        return known != null && !known.contains(other);
    }

    /** Notes that this class loads, and the names of it and all its supertypes; idempotent, so it needs no lock. */
    void setSupertypes(Set<String> found) {
        supertypes = found;
    }

    /** Returns the class itself, where its source still has it. */
    @Nullable
    RawClass raw() {
        return source.get();
    }

    boolean hasFinalMethods() {
        return finalMethodHashes.length > 0;
    }

    /** Returns whether a final method declared here may have a name of that hash. */
    boolean mayHaveFinalMethod(int nameHash) {
        for (int each : finalMethodHashes) {
            if (each == nameHash) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether this class, if sealed, permits that direct subclass. */
    boolean permits(String subclass) {
        if (permitted == null) {
            return true;
        }
        for (String each : permitted) {
            if (each.equals(subclass)) {
                return true;
            }
        }
        return false;
    }

    boolean isSealed() {
        return permitted != null;
    }

    boolean samePackage(String other) {
        int slash = name.lastIndexOf('/');
        return slash == other.lastIndexOf('/') && name.regionMatches(0, other, 0, Math.max(slash, 0));
    }

    /** Returns the flags of a method declared here, or -1. */
    int methodFlags(String methodName, String descriptor) {
        Map<String, Integer> table = methods;
        if (table == null) {
            RawClass raw = source.get();
            table = new HashMap<>();
            for (int i = 0; raw != null && i < raw.methodCount(); i++) {
                put(table, raw, raw.method(i));
            }
            methods = table;
        }
        return table.getOrDefault(methodName + descriptor, -1);
    }

    /** Returns the flags of a field declared here, or -1. */
    int fieldFlags(String fieldName, String descriptor) {
        Map<String, Integer> table = fields;
        if (table == null) {
            RawClass raw = source.get();
            table = new HashMap<>();
            for (int i = 0; raw != null && i < raw.fieldCount(); i++) {
                put(table, raw, raw.field(i));
            }
            fields = table;
        }
        return table.getOrDefault(fieldName + ' ' + descriptor, -1);
    }

    /** Returns the name that {@code NestHost} gives, or null. */
    @Nullable
    String nestHost() {
        RawClass raw = source.get();
        Attribute attribute = raw == null ? null : raw.attribute(raw.attributes(), "NestHost");
        return raw == null || attribute == null || attribute.length() != 2 ? null : className(raw, attribute.offset());
    }

    /** Returns whether {@code NestMembers} names a class. */
    boolean hasNestMember(String member) {
        RawClass raw = source.get();
        Attribute attribute = raw == null ? null : raw.attribute(raw.attributes(), "NestMembers");
        if (raw == null || attribute == null || attribute.length() < 2) {
            return false;
        }
        int count = Math.min(raw.u2(attribute.offset()), (attribute.length() - 2) / 2);
        for (int i = 0; i < count; i++) {
            if (className(raw, attribute.offset() + 2 + 2 * i).equals(member)) {
                return true;
            }
        }
        return false;
    }

    private static void put(Map<String, Integer> table, RawClass raw, Member member) {
        String descriptor = raw.memberDescriptor(member);
        String key = descriptor.startsWith("(") ? descriptor : ' ' + descriptor;
        table.putIfAbsent(raw.memberName(member) + key, raw.memberFlags(member));
    }
}

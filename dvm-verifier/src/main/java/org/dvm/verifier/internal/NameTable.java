package org.dvm.verifier.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.dvm.core.classfile.RawClass;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for the class names of one class file, so that types are ints and equal names are equal numbers.
 *
 * <p>Class constants and descriptors are translated once each. Names are kept as positions in the class file and become
 * strings only when somebody asks for them.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one class after the other ({@link #reset}).
 */
final class NameTable {
    static final int OBJECT = 9;
    static final int THROWABLE = 10;
    static final int STRING = 11;
    static final int CLASS = 12;
    static final int METHOD_HANDLE = 13;
    static final int METHOD_TYPE = 14;
    static final int CLONEABLE = 15;
    static final int SERIALIZABLE = 16;

    static final int OBJECT_TYPE = Types.REFERENCE | OBJECT;
    static final int THROWABLE_TYPE = Types.REFERENCE | THROWABLE;

    /** Ids 1 to 8 are the element types of primitive arrays, in this order. */
    private static final String PRIMITIVES = "ZBCSIJFD";

    private static final int[] PRIMITIVE_TYPES = {
        Types.TOP, Types.BOOLEAN, Types.BYTE, Types.CHAR, Types.SHORT, Types.INT, Types.LONG, Types.FLOAT, Types.DOUBLE
    };

    private static final String[] WELL_KNOWN = {
        "java/lang/Object",
        "java/lang/Throwable",
        "java/lang/String",
        "java/lang/Class",
        "java/lang/invoke/MethodHandle",
        "java/lang/invoke/MethodType",
        "java/lang/Cloneable",
        "java/io/Serializable"
    };

    private static final int FIRST_FREE = OBJECT + WELL_KNOWN.length;

    /** The start of the class-file bytes that hold only the well-known names. */
    private static final byte[] WELL_KNOWN_BYTES = String.join("", WELL_KNOWN).getBytes(StandardCharsets.US_ASCII);

    /** More element and class names than this, in one class, are refused: ids above number sets. */
    private static final int MAX_NAMES = Types.FIRST_SET - 1;

    private static final int KEEP = 1 << 16;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST_BITS = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;
    private static final long SEMICOLONS = ';' * LOWEST_BITS;
    private static final SplittableRandom SEEDS = new SplittableRandom();
    private static final long SECRET = SEEDS.nextLong();
    private static final long OTHER_SECRET = SEEDS.nextLong();

    private @Nullable RawClass raw;
    private byte[] bytes = {};
    private int count = FIRST_FREE;
    private int[] offsets = new int[256];
    private int[] lengths = new int[256];
    private int[] hashes = new int[256];
    private @Nullable String[] strings = new String[256];
    private int[] buckets = new int[512];

    /**
     * By constant index, 0 where not yet known: a class's type; of a field's descriptor or reference the field's type; the
     * position of a method's descriptor in {@link #signatures}; what {@link #call} says of a method's reference.
     */
    private int[] translated = new int[256];

    private int[] signatures = new int[1024];
    private int signaturesEnd = 1;

    NameTable() {
        int offset = 0;
        for (int i = 0; i < WELL_KNOWN.length; i++) {
            int length = WELL_KNOWN[i].length();
            offsets[OBJECT + i] = offset;
            lengths[OBJECT + i] = length;
            hashes[OBJECT + i] = hash(WELL_KNOWN_BYTES, offset, length);
            strings[OBJECT + i] = WELL_KNOWN[i];
            offset += length;
        }
    }

    /** Forgets everything and turns to another class. */
    void reset(RawClass raw) {
        if (offsets.length > KEEP || translated.length > KEEP || signatures.length > 4 * KEEP) {
            shrink();
        }
        for (int id = FIRST_FREE; id < count; id++) {
            strings[id] = null;
        }
        Arrays.fill(buckets, 0);
        count = FIRST_FREE;
        for (int id = OBJECT; id < FIRST_FREE; id++) {
            enter(id);
        }
        if (translated.length < raw.constantCount()) {
            translated = new int[Math.max(raw.constantCount(), 2 * translated.length)];
        } else {
            Arrays.fill(translated, 0, raw.constantCount(), 0);
        }
        signaturesEnd = 1;
        this.raw = raw;
        this.bytes = raw.bytes();
    }

    private RawClass raw() {
        return Objects.requireNonNull(raw);
    }

    private void shrink() {
        offsets = Arrays.copyOf(offsets, 256);
        lengths = Arrays.copyOf(lengths, 256);
        hashes = Arrays.copyOf(hashes, 256);
        strings = Arrays.copyOf(strings, 256);
        buckets = new int[512];
        translated = new int[256];
        signatures = new int[1024];
        count = Math.min(count, 256);
    }

    /** Returns whether an id is the element type of a primitive array. */
    static boolean isPrimitive(int id) {
        return id > 0 && id <= PRIMITIVES.length();
    }

    /** Returns the type that a primitive array's element id stands for. */
    static int primitive(int id) {
        return PRIMITIVE_TYPES[id];
    }

    /** Returns the type of an array of primitives by its element's letter. */
    static int primitiveArray(char letter) {
        return Types.ofArray(1, 1 + PRIMITIVES.indexOf(letter));
    }

    /** Returns the element's letter of a one-dimensional array of primitives; 0 for other types. */
    static char primitiveElement(int type) {
        int id = Types.id(type);
        return Types.dimensions(type) == 1 && isPrimitive(id) ? PRIMITIVES.charAt(id - 1) : 0;
    }

    /** Returns the type that a Class constant names. */
    int classType(int constant) throws MethodFault {
        int type = translated[constant];
        if (type == 0) {
            RawClass raw = raw();
            int name = raw.constantOffset(raw.u2(raw.constantOffset(constant) + 1));
            int offset = name + 3;
            int length = raw.u2(name + 1);
            type = length > 0 && bytes[offset] == '['
                    ? array(offset, offset + length)
                    : Types.ofClass(idOf(offset, length));
            translated[constant] = type;
        }
        return type;
    }

    /** Returns the class id of a name in the class file. */
    int ofUtf8(int constant) throws MethodFault {
        RawClass raw = raw();
        int offset = raw.constantOffset(constant);
        return idOf(offset + 3, raw.u2(offset + 1));
    }

    /** Returns the slot type of a field descriptor; a long or double has a second slot besides. */
    int fieldType(int constant) throws MethodFault {
        int type = translated[constant];
        if (type == 0) {
            RawClass raw = raw();
            int offset = raw.constantOffset(constant);
            int start = offset + 3;
            type = fieldTypeAt(start, descriptorEnd(start, start + raw.u2(offset + 1)));
            translated[constant] = type;
        }
        return type;
    }

    /**
     * Returns the position of a method descriptor's translation in {@link #signatures()}: the number of parameter
     * slots, the number of result slots, the parameters' slots and the result's slots.
     */
    int signature(int constant) throws MethodFault {
        int position = translated[constant];
        if (position == 0) {
            RawClass raw = raw();
            int offset = raw.constantOffset(constant);
            position = translateSignature(offset + 3, offset + 3 + raw.u2(offset + 1));
            translated[constant] = position;
        }
        return position;
    }

    /** Returns the type of the field that a reference names. */
    int referencedType(int reference) throws MethodFault {
        int type = translated[reference];
        if (type == 0) {
            type = fieldType(raw().u2(nameAndType(reference) + 3));
            translated[reference] = type;
        }
        return type;
    }

    /**
     * Returns what calls of the method that a reference or dynamic call site names need: twice the position of its
     * descriptor's translation ({@link #signature}), plus one if its name starts with {@code <}.
     */
    int call(int reference) throws MethodFault {
        int call = translated[reference];
        if (call == 0) {
            RawClass raw = raw();
            int nameAndType = nameAndType(reference);
            int name = raw.constantOffset(raw.u2(nameAndType + 1));
            boolean special = raw.u2(name + 1) > 0 && bytes[name + 3] == '<';
            call = 2 * signature(raw.u2(nameAndType + 3)) + (special ? 1 : 0);
            translated[reference] = call;
        }
        return call;
    }

    private int nameAndType(int reference) {
        return raw().constantOffset(raw().u2(raw().constantOffset(reference) + 3));
    }

    /** Returns the array that {@link #signature} points into; valid until the next call of it. */
    int[] signatures() {
        return signatures;
    }

    private int translateSignature(int start, int end) throws MethodFault {
        int position = signaturesEnd;
        int at = position + 2;
        int offset = start + 1;
        while (offset < end && bytes[offset] != ')') {
            int next = descriptorEnd(offset, end);
            at = addSlots(at, fieldTypeAt(offset, next));
            offset = next;
        }
        int parameters = at - position - 2;
        if (offset >= end || offset + 1 >= end) {
            throw malformed(start);
        }
        if (bytes[offset + 1] != 'V') {
            at = addSlots(at, fieldTypeAt(offset + 1, descriptorEnd(offset + 1, end)));
        }
        ensureSignatures(at + 2);
        signatures[position] = parameters;
        signatures[position + 1] = at - position - 2 - parameters;
        signaturesEnd = at;
        return position;
    }

    private int addSlots(int at, int type) {
        ensureSignatures(at + 2);
        signatures[at] = type;
        if (Types.isTwoSlot(type)) {
            signatures[at + 1] = type + 1;
            return at + 2;
        }
        return at + 1;
    }

    private void ensureSignatures(int size) {
        if (size > signatures.length) {
            signatures = Arrays.copyOf(signatures, Math.max(size, 2 * signatures.length));
        }
    }

    private int descriptorEnd(int start, int end) throws MethodFault {
        int at = start;
        while (at < end && bytes[at] == '[') {
            at++;
        }
        if (at < end && bytes[at] == 'L') {
            at = semicolon(at + 1, end);
        }
        if (at >= end) {
            throw malformed(start);
        }
        return at + 1;
    }

    /** Returns where the next semicolon is, or the end. */
    private int semicolon(int from, int end) {
        int at = from;
        for (int last = Math.min(end, bytes.length) - Long.BYTES; at <= last; at += Long.BYTES) {
            long differences = (long) LONGS.get(bytes, at) ^ SEMICOLONS;
            long zeros = differences - LOWEST_BITS & ~differences & HIGHEST_BITS; // the lowest bit that is set is right
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >> 3);
            }
        }
        while (at < end && bytes[at] != ';') {
            at++;
        }
        return at;
    }

    private int fieldTypeAt(int start, int end) throws MethodFault {
        switch (bytes[start]) {
            case '[':
                return array(start, end);
            case 'L':
                return Types.ofClass(idOf(start + 1, end - start - 2));
            case 'Z':
            case 'B':
            case 'C':
            case 'S':
            case 'I':
                return Types.INT;
            case 'F':
                return Types.FLOAT;
            case 'J':
                return Types.LONG;
            case 'D':
                return Types.DOUBLE;
            default:
                throw malformed(start);
        }
    }

    private int array(int start, int end) throws MethodFault {
        int at = start;
        while (at < end && bytes[at] == '[') {
            at++;
        }
        int dimensions = at - start;
        if (at >= end || dimensions > Types.MAX_DIMENSIONS) {
            throw malformed(start);
        }
        if (bytes[at] == 'L') {
            return Types.ofArray(dimensions, idOf(at + 1, end - at - 2));
        }
        int primitive = PRIMITIVES.indexOf(bytes[at]);
        if (primitive < 0) {
            throw malformed(start);
        }
        return Types.ofArray(dimensions, 1 + primitive);
    }

    private static MethodFault malformed(int offset) {
        return MethodFault.of(TypeRule.DESCRIPTOR, "malformed descriptor at offset " + offset);
    }

    private int idOf(int offset, int length) throws MethodFault {
        if (length <= 0) {
            throw malformed(offset);
        }
        int hash = hash(bytes, offset, length);
        int mask = buckets.length - 1;
        int slot = hash & mask;
        while (buckets[slot] != 0) {
            int id = buckets[slot];
            if (hashes[id] == hash && lengths[id] == length && sameBytes(id, offset, length)) {
                return id;
            }
            slot = slot + 1 & mask;
        }
        if (count >= MAX_NAMES) {
            throw MethodFault.of(TypeRule.DESCRIPTOR, "more than " + MAX_NAMES + " class names in one class");
        }
        int id = count++;
        if (id >= offsets.length) {
            grow();
        }
        offsets[id] = offset;
        lengths[id] = length;
        hashes[id] = hash;
        enter(id);
        return id;
    }

    private boolean sameBytes(int id, int offset, int length) {
        byte[] holder = id < FIRST_FREE ? WELL_KNOWN_BYTES : bytes;
        int start = offsets[id];
        return Arrays.equals(holder, start, start + length, bytes, offset, offset + length);
    }

    private void enter(int id) {
        int mask = buckets.length - 1;
        int slot = hashes[id] & mask;
        while (buckets[slot] != 0) {
            slot = slot + 1 & mask;
        }
        buckets[slot] = id;
    }

    private void grow() {
        int size = 2 * offsets.length;
        offsets = Arrays.copyOf(offsets, size);
        lengths = Arrays.copyOf(lengths, size);
        hashes = Arrays.copyOf(hashes, size);
        strings = Arrays.copyOf(strings, size);
        buckets = new int[2 * size];
        for (int id = OBJECT; id < count - 1; id++) {
            enter(id);
        }
    }

    /** Hashes eight bytes at a time; which texts collide depends on a secret, so that nobody can make them. */
    private static int hash(byte[] bytes, int offset, int length) {
        long hash = length;
        int at = offset;
        int end = offset + length;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mix(hash, (long) LONGS.get(bytes, at));
        }
        if (at < end) {
            hash = mix(hash, lastBytes(bytes, at, end - at));
        }
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(long hash, long bits) {
        long left = hash ^ SECRET;
        long right = bits ^ OTHER_SECRET;
        return left * right ^ Math.multiplyHigh(left, right);
    }

    private static long lastBytes(byte[] bytes, int at, int count) {
        if (at + Long.BYTES <= bytes.length) {
            return (long) LONGS.get(bytes, at) & (1L << 8 * count) - 1;
        }
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= (bytes[at + i] & 0xffL) << 8 * i;
        }
        return bits;
    }

    /** Returns the internal name of a class id. */
    String name(int id) {
        if (isPrimitive(id)) {
            return PRIMITIVES.substring(id - 1, id);
        }
        String name = strings[id];
        if (name == null) {
            name = decode(offsets[id], lengths[id]);
            strings[id] = name;
        }
        return name;
    }

    /** Decodes modified UTF-8; the format check has refused what is malformed. */
    private String decode(int offset, int length) {
        char[] text = new char[length];
        int size = 0;
        for (int at = offset; at < offset + length; size++) {
            int first = bytes[at] & 0xff;
            if (first < 0x80 || at + 1 >= bytes.length) {
                text[size] = (char) first;
                at++;
            } else if (first < 0xe0 || at + 2 >= bytes.length) {
                text[size] = (char) ((first & 0x1f) << 6 | bytes[at + 1] & 0x3f);
                at += 2;
            } else {
                text[size] = (char) ((first & 0xf) << 12 | (bytes[at + 1] & 0x3f) << 6 | bytes[at + 2] & 0x3f);
                at += 3;
            }
        }
        return new String(text, 0, size);
    }

    /** Returns whether two classes are in the same package by name. */
    boolean samePackage(int id, int other) {
        String left = name(id);
        String right = name(other);
        int slash = left.lastIndexOf('/');
        return slash == right.lastIndexOf('/') && left.regionMatches(0, right, 0, Math.max(slash, 0));
    }

    /** Returns a type in readable form: {@code int}, {@code java/lang/String}, {@code [I}, {@code uninitialized(new at 4)}. */
    String describe(int type) {
        if (Types.isReference(type)) {
            if (type == Types.NULL) {
                return "null";
            }
            int dimensions = Types.dimensions(type);
            int id = Types.id(type);
            String element = id >= Types.FIRST_SET ? "(joined classes)" : name(id);
            if (dimensions == 0) {
                return element;
            }
            return "[".repeat(dimensions) + (isPrimitive(id) ? element : "L" + element + ";");
        }
        if (Types.isUninitialized(type)) {
            return "uninitialized(new at " + Types.bci(type) + ")";
        }
        if (Types.isReturnAddress(type)) {
            return "returnAddress(subroutine at " + Types.bci(type) + ")";
        }
        return CONSTANTS[type];
    }

    private static final String[] CONSTANTS = {
        "top",
        "int",
        "float",
        "long",
        "long_2nd",
        "double",
        "double_2nd",
        "boolean",
        "byte",
        "char",
        "short",
        "uninitializedThis",
        "void"
    };
}

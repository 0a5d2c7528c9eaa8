package org.dvm.core.edit;

import java.util.Arrays;
import java.util.Objects;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * The constants that are appended to a class's pool, each once, found by hash.
 *
 * <p>The original pool stays as it is, in its order, so that code that is copied goes on pointing at the right
 * constants. It is not searched either, since that costs more than the few duplicates are worth - except where the pool
 * is so full that every index counts.
 */
final class Constants {
    private static final int MAX_COUNT = 65535;
    /** From this many constants on, the original ones are looked at before one is appended. */
    private static final int REUSE_FROM = 32768;

    /** So many members asked for last are known by themselves; a member always has the same tag. */
    private static final int RECENT = 16;

    private final Output bytes = new Output();
    private final @Nullable StaticMember[] recent = new StaticMember[RECENT];
    private final int[] recentIndices = new int[RECENT];

    // One entry per known constant: tag, up to three texts or a number, and its index in the pool. The key of a member
    // is (owner, name, descriptor), not (class index, name-and-type index), so that a hit takes one look-up.
    private int entries;
    private byte[] tags = new byte[64];
    private int[] hashes = new int[64];
    private int[] indices = new int[64];
    private long[] numbers = new long[64];
    private @Nullable String[] texts = new String[3 * 64];
    /** Entry number plus 1 by hash, linear probing; at most half full. */
    private int[] table = new int[128];

    private int count;

    void reset(RawClass raw) {
        bytes.reset();
        rollback(0, raw.constantCount(), 0);
        Arrays.fill(recent, null);
        if (count >= REUSE_FROM) {
            indexOriginal(raw);
        }
    }

    /** Returns the constant_pool_count with what was appended. */
    int count() {
        return count;
    }

    /** Returns the bytes of the appended constants. */
    Output appended() {
        return bytes;
    }

    /** Returns how many constants are known: with {@link #count} and the size of the bytes a mark for {@link #rollback}. */
    int entries() {
        return entries;
    }

    /** Forgets the constants appended since that mark. */
    void rollback(int markedEntries, int markedCount, int markedSize) {
        if (entries > markedEntries) {
            Arrays.fill(texts, 3 * markedEntries, 3 * entries, null);
            entries = markedEntries;
            rebuildTable(table.length);
        }
        if (count > markedCount) {
            Arrays.fill(recent, null);
        }
        count = markedCount;
        bytes.setSize(markedSize);
    }

    int utf8(String text) {
        int hash = text.hashCode();
        int entry = find(RawClass.UTF8, hash, text, null, null, 0);
        if (entry >= 0) {
            return indices[entry];
        }
        int start = bytes.size();
        bytes.u1(RawClass.UTF8);
        bytes.utf8(text);
        if (bytes.size() - start - 3 > 65535) {
            throw DoesNotFit.of(EditRule.CLASS_TOO_LARGE, "a string exceeds 65535 bytes");
        }
        return add(RawClass.UTF8, hash, text, null, null, 0, 1);
    }

    int classConstant(String internalName) {
        return named(RawClass.CLASS, internalName);
    }

    int string(String text) {
        return named(RawClass.STRING, text);
    }

    private int named(int tag, String text) {
        int hash = text.hashCode() * 31 + tag;
        int entry = find(tag, hash, text, null, null, 0);
        if (entry >= 0) {
            return indices[entry];
        }
        int utf8 = utf8(text);
        bytes.u1u2(tag, utf8);
        return add(tag, hash, text, null, null, 0, 1);
    }

    int nameAndType(String name, String descriptor) {
        int hash = name.hashCode() * 31 + descriptor.hashCode();
        int entry = find(RawClass.NAME_AND_TYPE, hash, name, descriptor, null, 0);
        if (entry >= 0) {
            return indices[entry];
        }
        int nameIndex = utf8(name);
        int descriptorIndex = utf8(descriptor);
        bytes.u1u2(RawClass.NAME_AND_TYPE, nameIndex);
        bytes.u2(descriptorIndex);
        return add(RawClass.NAME_AND_TYPE, hash, name, descriptor, null, 0, 1);
    }

    /** Returns the index of a field, method or interface method. */
    int member(int tag, StaticMember member) {
        int hash = member.hash() + tag;
        int place = hash & RECENT - 1;
        if (recent[place] == member) {
            return recentIndices[place];
        }
        int index = findMember(tag, hash, member);
        recent[place] = member;
        recentIndices[place] = index;
        return index;
    }

    private int findMember(int tag, int hash, StaticMember member) {
        String owner = member.owner();
        String name = member.name();
        String descriptor = member.descriptor();
        int entry = find(tag, hash, owner, name, descriptor, 0);
        if (entry >= 0) {
            return indices[entry];
        }
        int ownerIndex = classConstant(owner);
        int nameAndType = nameAndType(name, descriptor);
        bytes.u1u2(tag, ownerIndex);
        bytes.u2(nameAndType);
        return add(tag, hash, owner, name, descriptor, 0, 1);
    }

    int integer(int value) {
        int hash = value * 31 + RawClass.INTEGER;
        int entry = find(RawClass.INTEGER, hash, null, null, null, value);
        if (entry >= 0) {
            return indices[entry];
        }
        bytes.u1(RawClass.INTEGER);
        bytes.u4(value);
        return add(RawClass.INTEGER, hash, null, null, null, value, 1);
    }

    int longConstant(long value) {
        int hash = Long.hashCode(value) * 31 + RawClass.LONG;
        int entry = find(RawClass.LONG, hash, null, null, null, value);
        if (entry >= 0) {
            return indices[entry];
        }
        bytes.u1(RawClass.LONG);
        bytes.u4((int) (value >> 32));
        bytes.u4((int) value);
        return add(RawClass.LONG, hash, null, null, null, value, 2);
    }

    private int find(int tag, int hash, @Nullable String a, @Nullable String b, @Nullable String c, long number) {
        int mask = table.length - 1;
        for (int slot = spread(hash) & mask; table[slot] != 0; slot = slot + 1 & mask) {
            int entry = table[slot] - 1;
            if (hashes[entry] == hash
                    && tags[entry] == tag
                    && numbers[entry] == number
                    && Objects.equals(texts[3 * entry], a)
                    && Objects.equals(texts[3 * entry + 1], b)
                    && Objects.equals(texts[3 * entry + 2], c)) {
                return entry;
            }
        }
        return -1;
    }

    /** Notes the constant whose bytes were just appended, and returns its index. */
    private int add(
            int tag, int hash, @Nullable String a, @Nullable String b, @Nullable String c, long number, int width) {
        int index = count;
        if (index + width > MAX_COUNT) {
            throw DoesNotFit.of(EditRule.CLASS_TOO_LARGE, "the constant pool is full: 65534 constants");
        }
        count = index + width;
        enter(tag, hash, a, b, c, number, index);
        return index;
    }

    private void enter(
            int tag, int hash, @Nullable String a, @Nullable String b, @Nullable String c, long number, int index) {
        int entry = entries;
        if (entry == tags.length) {
            grow();
        }
        tags[entry] = (byte) tag;
        hashes[entry] = hash;
        indices[entry] = index;
        numbers[entry] = number;
        texts[3 * entry] = a;
        texts[3 * entry + 1] = b;
        texts[3 * entry + 2] = c;
        entries = entry + 1;
        if (2 * entries > table.length) {
            rebuildTable(2 * table.length);
        } else {
            link(entry);
        }
    }

    private void grow() {
        int length = 2 * tags.length;
        tags = Arrays.copyOf(tags, length);
        hashes = Arrays.copyOf(hashes, length);
        indices = Arrays.copyOf(indices, length);
        numbers = Arrays.copyOf(numbers, length);
        texts = Arrays.copyOf(texts, 3 * length);
    }

    private void rebuildTable(int length) {
        if (length == table.length) {
            Arrays.fill(table, 0);
        } else {
            table = new int[length];
        }
        for (int entry = 0; entry < entries; entry++) {
            link(entry);
        }
    }

    private void link(int entry) {
        int mask = table.length - 1;
        int slot = spread(hashes[entry]) & mask;
        while (table[slot] != 0) {
            slot = slot + 1 & mask;
        }
        table[slot] = entry + 1;
    }

    private static int spread(int hash) {
        return hash * 0x9E3779B9 >>> 8;
    }

    /** Notes the original constants of the kinds that edits make, unless they refer to something of a wrong kind. */
    private void indexOriginal(RawClass raw) {
        for (int index = 1; index < raw.constantCount(); index++) {
            int tag = raw.constantTag(index);
            int offset = raw.constantOffset(index);
            if (tag == RawClass.UTF8) {
                // Text that doesn't decode would be taken for U+FFFD.
                if (raw.utf8(index).indexOf('\ufffd') < 0) {
                    enter(tag, raw.utf8(index).hashCode(), raw.utf8(index), null, null, 0, index);
                }
            } else if (tag == RawClass.CLASS || tag == RawClass.STRING) {
                String text = text(raw, offset + 1);
                if (text != null) {
                    enter(tag, text.hashCode() * 31 + tag, text, null, null, 0, index);
                }
            } else if (tag == RawClass.INTEGER) {
                int value = raw.s4(offset + 1);
                enter(tag, value * 31 + tag, null, null, null, value, index);
            } else if (tag == RawClass.FIELD_REF
                    || tag == RawClass.METHOD_REF
                    || tag == RawClass.INTERFACE_METHOD_REF) {
                enterMember(raw, index, tag, offset);
            }
        }
    }

    private void enterMember(RawClass raw, int index, int tag, int offset) {
        int owner = raw.u2(offset + 1);
        int nameAndType = raw.u2(offset + 3);
        if (owner >= raw.constantCount()
                || raw.constantTag(owner) != RawClass.CLASS
                || nameAndType >= raw.constantCount()
                || raw.constantTag(nameAndType) != RawClass.NAME_AND_TYPE) {
            return;
        }
        String ownerName = text(raw, raw.constantOffset(owner) + 1);
        String name = text(raw, raw.constantOffset(nameAndType) + 1);
        String descriptor = text(raw, raw.constantOffset(nameAndType) + 3);
        if (ownerName != null && name != null && descriptor != null) {
            int hash = StaticMember.hash(ownerName, name, descriptor) + tag;
            enter(tag, hash, ownerName, name, descriptor, 0, index);
        }
    }

    private static @Nullable String text(RawClass raw, int offset) {
        int index = raw.u2(offset);
        if (index >= raw.constantCount() || raw.constantTag(index) != RawClass.UTF8) {
            return null;
        }
        String text = raw.utf8(index);
        return text.indexOf('\ufffd') < 0 ? text : null;
    }
}

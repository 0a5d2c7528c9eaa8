package org.dvm.core.classfile;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass.Member;
import org.jspecify.annotations.Nullable;

/**
 * Finds two fields or two methods with the same name and descriptor, by content: equal texts may stand in the constant
 * pool more than once.
 *
 * <p>The first attempt hashes a few bytes of each and compares those that meet. A class file made so that all meet would
 * make that slow: past a number of compared bytes the second attempt numbers the texts first ({@link TextIds}).
 */
final class DuplicateMembers {
    private static final long BUDGET_PER_MEMBER = 256;
    private static final int HASHED_BYTES = 8;

    private final RawClass raw;
    private final Kind kind;
    private final int count;

    private enum Kind {
        FIELD,
        METHOD
    }

    private DuplicateMembers(RawClass raw, Kind kind, int count) {
        this.raw = raw;
        this.kind = kind;
        this.count = count;
    }

    /** Returns the first field that has the name and descriptor of one before it, or null. */
    static @Nullable Member findField(RawClass raw) {
        return new DuplicateMembers(raw, Kind.FIELD, raw.fieldCount()).find();
    }

    /** Returns the first method that has the name and descriptor of one before it, or null. */
    static @Nullable Member findMethod(RawClass raw) {
        return new DuplicateMembers(raw, Kind.METHOD, raw.methodCount()).find();
    }

    private @Nullable Member find() {
        int bits = 33 - Integer.numberOfLeadingZeros(count);
        int[] slots = new int[1 << bits]; // member number plus 1
        long budget = BUDGET_PER_MEMBER * count;
        for (int i = 0; i < count; i++) {
            Member member = member(i);
            int slot = hash(member) >>> 32 - bits;
            while (slots[slot] != 0) {
                Member other = member(slots[slot] - 1);
                if (isSame(member, other)) {
                    return member;
                }
                budget -= 1 + raw.u2(raw.constantOffset(raw.u2(member.offset() + 2)) + 1);
                if (budget < 0) {
                    return findByIds();
                }
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = i + 1;
        }
        return null;
    }

    private @Nullable Member findByIds() {
        TextIds ids = new TextIds(raw);
        LongSet seen = new LongSet(count);
        for (int i = 0; i < count; i++) {
            Member member = member(i);
            long name = ids.of(raw.u2(member.offset() + 2));
            long descriptor = ids.of(raw.u2(member.offset() + 4));
            if (!seen.add(name << 32 | descriptor)) {
                return member;
            }
        }
        return null;
    }

    private Member member(int index) {
        return kind == Kind.FIELD ? raw.field(index) : raw.method(index);
    }

    private int hash(Member member) {
        return (hash(raw.u2(member.offset() + 2)) * 31 + hash(raw.u2(member.offset() + 4))) * 0x9E3779B1;
    }

    /** Takes length and ends of a text into account. */
    private int hash(int utf8) {
        byte[] bytes = raw.bytes();
        int offset = raw.constantOffset(utf8) + 1;
        int length = raw.u2(offset);
        offset += 2;
        int end = offset + length;
        int hash = length;
        for (int i = offset; i < Math.min(end, offset + HASHED_BYTES); i++) {
            hash = hash * 31 + bytes[i];
        }
        for (int i = Math.max(offset + HASHED_BYTES, end - HASHED_BYTES); i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    private boolean isSame(Member first, Member second) {
        return isSameText(raw.u2(first.offset() + 2), raw.u2(second.offset() + 2))
                && isSameText(raw.u2(first.offset() + 4), raw.u2(second.offset() + 4));
    }

    private boolean isSameText(int firstUtf8, int secondUtf8) {
        if (firstUtf8 == secondUtf8) {
            return true;
        }
        byte[] bytes = raw.bytes();
        int first = raw.constantOffset(firstUtf8) + 1;
        int second = raw.constantOffset(secondUtf8) + 1;
        return Arrays.equals(bytes, first, first + 2 + raw.u2(first), bytes, second, second + 2 + raw.u2(second));
    }
}

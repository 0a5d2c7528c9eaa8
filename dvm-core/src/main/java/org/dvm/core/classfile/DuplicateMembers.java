package org.dvm.core.classfile;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass.Member;
import org.jspecify.annotations.Nullable;

/**
 * Finds two fields or two methods with the same name and descriptor, by content: equal texts may stand in the constant
 * pool more than once.
 *
 * <p>The first attempt hashes the last bytes of each and compares those that meet. A class file made so that all meet would
 * make that slow: past a number of compared bytes the second attempt numbers the texts first ({@link TextIds}).
 */
final class DuplicateMembers {
    private static final int BUDGET_PER_MEMBER = 256;
    private static final int HASHED_BYTES = 8;

    private final RawClass raw;
    private final ConstantFacts constants;
    private final Member[] members;
    private final int count;

    private DuplicateMembers(RawClass raw, ConstantFacts constants, Member[] members) {
        this.raw = raw;
        this.constants = constants;
        this.members = members;
        this.count = members.length;
    }

    /** Returns the first field or method that has the name and descriptor of one before it, or null. */
    static @Nullable Member find(RawClass raw, ConstantFacts constants, Member[] members) {
        return members.length < 2 ? null : new DuplicateMembers(raw, constants, members).find();
    }

    private @Nullable Member find() {
        int bits = 33 - Integer.numberOfLeadingZeros(count);
        int[] slots = new int[1 << bits]; // member number plus 1
        int budget = BUDGET_PER_MEMBER * count;
        for (int i = 0; i < count; i++) {
            Member member = members[i];
            int slot = hash(member.offset()) >>> 32 - bits;
            while (slots[slot] != 0) {
                int other = members[slots[slot] - 1].offset();
                if (isSame(member.offset(), other)) {
                    return member;
                }
                budget -= 1 + constants.end(raw.u2(other + 2)) - constants.start(raw.u2(other + 2));
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
            Member member = members[i];
            long name = ids.of(raw.u2(member.offset() + 2));
            long descriptor = ids.of(raw.u2(member.offset() + 4));
            if (!seen.add(name << 32 | descriptor)) {
                return member;
            }
        }
        return null;
    }

    private int hash(int member) {
        return (hashOfText(raw.u2(member + 2)) * 31 + hashOfText(raw.u2(member + 4))) * 0x9E3779B1;
    }

    /** Takes length and last bytes of a text into account. */
    private int hashOfText(int utf8) {
        int end = constants.end(utf8);
        int length = end - constants.start(utf8);
        byte[] bytes = raw.bytes();
        int hash = length;
        for (int i = Math.max(end - HASHED_BYTES, end - length); i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash;
    }

    private boolean isSame(int member, int other) {
        return isSameText(raw.u2(member + 2), raw.u2(other + 2)) && isSameText(raw.u2(member + 4), raw.u2(other + 4));
    }

    private boolean isSameText(int first, int second) {
        return first == second
                || Arrays.equals(
                        raw.bytes(),
                        constants.start(first),
                        constants.end(first),
                        raw.bytes(),
                        constants.start(second),
                        constants.end(second));
    }
}

package org.dvm.testkit.mutation;

/** Damage without regard for structure. */
final class ByteMutations {
    private ByteMutations() {}

    static boolean flipBit(Surgery surgery) {
        int offset = surgery.below(surgery.length());
        surgery.u1(offset, surgery.raw.u1(offset) ^ 1 << surgery.below(8));
        return true;
    }

    static boolean setByte(Surgery surgery) {
        surgery.u1(surgery.below(surgery.length()), surgery.below(256));
        return true;
    }

    static boolean setShort(Surgery surgery) {
        int offset = surgery.below(surgery.length() - 1);
        surgery.u2(offset, surgery.otherThan(surgery.raw.u2(offset)));
        return true;
    }

    static boolean setInt(Surgery surgery) {
        int offset = surgery.below(surgery.length() - 3);
        surgery.u4(offset, surgery.oneOf(2) ? -1 >>> surgery.below(32) : surgery.random.nextInt());
        return true;
    }

    static boolean truncate(Surgery surgery) {
        surgery.truncate(surgery.below(surgery.length()));
        return true;
    }

    static boolean append(Surgery surgery) {
        byte[] more = new byte[1 + surgery.below(16)];
        surgery.random.nextBytes(more);
        surgery.insert(surgery.length(), more);
        return true;
    }

    static boolean delete(Surgery surgery) {
        surgery.replace(surgery.below(surgery.length()), 1 + surgery.below(8), new byte[0]);
        return true;
    }

    static boolean duplicate(Surgery surgery) {
        int offset = surgery.below(surgery.length());
        int end = Math.min(surgery.length(), offset + 1 + surgery.below(16));
        surgery.insert(end, surgery.copy(offset, end));
        return true;
    }
}

package org.dvm.core.classfile;

/**
 * A set of numbers with a fixed capacity, in one array.
 *
 * <p>The multiplier is odd and drawn anew in each JVM: who makes the numbers can't know which of them will meet.
 */
final class LongSet {
    private static final long MULTIPLIER = (System.nanoTime() ^ new Object().hashCode()) * 0x9E3779B97F4A7C15L | 1;

    private final long[] slots;
    private final int shift;
    private boolean hasZero;

    LongSet(int capacity) {
        int bits = Math.max(3, 33 - Integer.numberOfLeadingZeros(capacity));
        slots = new long[1 << bits];
        shift = 64 - bits;
    }

    /** Adds a number; returns false if it was there. */
    boolean add(long value) {
        if (value == 0) {
            boolean isNew = !hasZero;
            hasZero = true;
            return isNew;
        }
        int slot = find(value);
        if (slots[slot] == value) {
            return false;
        }
        slots[slot] = value;
        return true;
    }

    boolean contains(long value) {
        return value == 0 ? hasZero : slots[find(value)] == value;
    }

    /** Returns the slot that holds the value, or the free one where it would go. */
    private int find(long value) {
        int slot = (int) (value * MULTIPLIER >>> shift);
        while (slots[slot] != 0 && slots[slot] != value) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }
}

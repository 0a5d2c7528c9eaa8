package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of buffers for any number of threads on both sides, without locks.
 *
 * <p>The holder of a ring knows that it never gets more buffers than its capacity, so {@link #offer} always succeeds.
 */
final class BufferRing {
    /*
     * Each slot carries a turn number beside its buffer (Vyukov's bounded queue). A producer may fill slot i when its turn
     * equals the tail position, a consumer may empty it when its turn is the head position plus one. The store of the
     * turn (release) pairs with its load (acquire) on the other side and carries the fields of the buffer along.
     *
     * Head and tail have different writers and stand 128 bytes apart, away from both ends of their array.
     */
    private static final int HEAD = 16;
    private static final int TAIL = 32;
    private static final int POSITIONS = 48;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final @Nullable PacketBuffer[] slots;
    private final long[] turns;
    private final long[] positions = new long[POSITIONS];
    private final int mask;

    BufferRing(int capacity) {
        int size = Math.max(2, capacity > 1 ? Integer.highestOneBit(capacity - 1) << 1 : 2);
        this.slots = new PacketBuffer[size];
        this.turns = new long[size];
        for (int i = 0; i < size; i++) {
            turns[i] = i;
        }
        this.mask = size - 1;
    }

    void offer(PacketBuffer buffer) {
        final long[] turns = this.turns;
        final long[] positions = this.positions;
        while (true) {
            long tail = (long) LONGS.getOpaque(positions, TAIL);
            int slot = (int) tail & mask;
            long turn = (long) LONGS.getAcquire(turns, slot);
            if (turn == tail) {
                if (LONGS.weakCompareAndSetPlain(positions, TAIL, tail, tail + 1)) {
                    slots[slot] = buffer;
                    LONGS.setRelease(turns, slot, tail + 1);
                    return;
                }
            } else if (turn < tail) {
                // A consumer has claimed the slot and not emptied it yet; there is room by the holder's promise.
                Thread.onSpinWait();
            }
        }
    }

    @Nullable
    PacketBuffer poll() {
        final long[] turns = this.turns;
        final long[] positions = this.positions;
        while (true) {
            long head = (long) LONGS.getOpaque(positions, HEAD);
            int slot = (int) head & mask;
            long turn = (long) LONGS.getAcquire(turns, slot);
            if (turn == head + 1) {
                if (LONGS.weakCompareAndSetPlain(positions, HEAD, head, head + 1)) {
                    PacketBuffer buffer = slots[slot];
                    slots[slot] = null;
                    LONGS.setRelease(turns, slot, head + mask + 1);
                    return buffer;
                }
            } else if (turn <= head) {
                return null; // empty, or a producer has claimed the slot and not filled it yet
            }
        }
    }

    /** Returns the number of buffers, exact when nobody is at work on the ring. */
    int size() {
        long head = (long) LONGS.getAcquire(positions, HEAD);
        long tail = (long) LONGS.getAcquire(positions, TAIL);
        return (int) Math.max(0, Math.min(tail - head, mask + 1L));
    }
}

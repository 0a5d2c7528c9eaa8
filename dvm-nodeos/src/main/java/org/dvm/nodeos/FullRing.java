package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of packets with one producer and one consumer at a time, from which the producer may also take the oldest
 * to make room.
 */
final class FullRing {
    /*
     * The consumer copies references and then claims them by moving the head with compare-and-set; if the producer has
     * taken the oldest in between, the claim fails and the copies are forgotten. A slot is written again only after the
     * head has passed it, so a claim that succeeds has copied what was there. The head never comes back to a value.
     */
    private static final int HEAD = 16;
    private static final int TAIL = 32;
    private static final int POSITIONS = 48;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(PacketBuffer[].class);

    private final @Nullable PacketBuffer[] slots;
    private final long[] positions = new long[POSITIONS];
    private final int mask;
    private final int capacity;

    FullRing(int capacity) {
        this.capacity = capacity;
        int size = capacity > 1 ? Integer.highestOneBit(capacity - 1) << 1 : 1;
        this.slots = new PacketBuffer[size];
        this.mask = size - 1;
    }

    int capacity() {
        return capacity;
    }

    /** Producer: appends a packet, or returns false if the ring is full. */
    boolean offer(PacketBuffer packet) {
        final long[] positions = this.positions;
        long tail = positions[TAIL];
        if (tail - (long) LONGS.getAcquire(positions, HEAD) >= capacity) {
            return false;
        }
        SLOTS.setOpaque(slots, (int) tail & mask, packet);
        LONGS.setRelease(positions, TAIL, tail + 1); // pairs with getAcquire of the consumer
        return true;
    }

    /** Producer or consumer: takes the oldest packet, or returns null if the ring is empty. */
    @Nullable
    PacketBuffer poll() {
        final long[] positions = this.positions;
        while (true) {
            long head = (long) LONGS.getAcquire(positions, HEAD);
            if (head >= (long) LONGS.getAcquire(positions, TAIL)) {
                return null;
            }
            PacketBuffer packet = (PacketBuffer) SLOTS.getOpaque(slots, (int) head & mask);
            if (LONGS.compareAndSet(positions, HEAD, head, head + 1)) {
                return packet;
            }
        }
    }

    /** Consumer: takes as many packets as there are, at most {@code most}. */
    int poll(PacketBuffer[] into, int most) {
        return poll(into, most, Long.MAX_VALUE);
    }

    /** Consumer: takes packets while those before have fewer bytes than the credit, at most {@code most}. */
    int poll(PacketBuffer[] into, int most, long credit) {
        final long[] positions = this.positions;
        while (true) {
            long head = (long) LONGS.getAcquire(positions, HEAD);
            int present = (int) Math.min((long) LONGS.getAcquire(positions, TAIL) - head, most);
            int count = 0;
            for (long left = credit; count < present && left > 0; count++) {
                into[count] = (PacketBuffer) SLOTS.getOpaque(slots, (int) (head + count) & mask);
                left -= into[count].length; // of no effect unless the packet was in the ring all the time
            }
            if (count == 0) {
                return 0;
            }
            if (LONGS.compareAndSet(positions, HEAD, head, head + count)) {
                return count;
            }
        }
    }

    int size() {
        long head = (long) LONGS.getAcquire(positions, HEAD);
        long tail = (long) LONGS.getAcquire(positions, TAIL);
        return (int) Math.max(0, Math.min(tail - head, capacity));
    }
}

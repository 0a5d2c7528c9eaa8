package org.dvm.nodeos.internal.linux.xdp;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.link.FrameBatch;

/**
 * One of the four rings that an AF_XDP socket shares with the kernel; this process is its only producer or its only
 * consumer.
 *
 * <pre>
 *   producer u32    next slot to be written, modulo 2^32      fill, completion: slot = frame address u64
 *   consumer u32    next slot to be read                      rx, tx:           slot = address u64, length u32, options u32
 *   flags    u32    bit 0: the kernel wants to be called
 *   slots    2^n
 * </pre>
 *
 * The side that moves an index stores it with release after the slots; the other loads it with acquire before them.
 *
 * <p><b>Threads:</b> one, save {@link #hasEntries}, which is for any.
 */
final class XdpRing implements AutoCloseable {
    /** What a slot holds, with its size. */
    enum Slot {
        ADDRESS(3),
        DESCRIPTOR(4);

        private final int shift;

        Slot(int shift) {
            this.shift = shift;
        }
    }

    /** Where the kernel put the parts of a ring; struct xdp_ring_offset. */
    record Layout(int producer, int consumer, int slots, int flags) {
        static final int BYTES = 32;

        static Layout read(ByteBuffer offsets, int at) {
            return new Layout(
                    (int) offsets.getLong(at), (int) offsets.getLong(at + 8), (int) offsets.getLong(at + 16), (int)
                            offsets.getLong(at + 24));
        }
    }

    private static final int FLAG_NEED_WAKEUP = 1;
    private static final int LENGTH_IN_DESCRIPTOR = 8;

    private final NativeMemory memory;
    private final ByteBuffer bytes;
    private final int producer;
    private final int consumer;
    private final int flags;
    private final int slots;
    private final int capacity;
    private final int mask;
    private final int shift;
    /** Our own index, which nobody else moves. */
    private int position;
    /** The kernel's index when it was last looked at. */
    private int limit;

    private XdpRing(NativeMemory memory, Layout layout, int capacity, Slot slot) {
        this.memory = memory;
        this.bytes = memory.bytes();
        this.producer = layout.producer();
        this.consumer = layout.consumer();
        this.flags = layout.flags();
        this.slots = layout.slots();
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.shift = slot.shift;
    }

    static XdpRing map(int socket, long pageOffset, Layout layout, int capacity, Slot slot, String name)
            throws LinuxException {
        long length = layout.slots() + ((long) capacity << slot.shift);
        return new XdpRing(NativeMemory.share(socket, pageOffset, length, name), layout, capacity, slot);
    }

    // Hot path: no allocation, no locks, no logging.

    /** As producer: returns how many slots can be written, at least {@code wanted} if there are that many. */
    int writable(int wanted) {
        int free = limit + capacity - position;
        if (free < wanted) {
            limit = (int) NativeMemory.INT.getAcquire(bytes, consumer); // pairs with the kernel's release
            free = limit + capacity - position;
        }
        return free;
    }

    /** As producer: writes the first bytes of frames to slots after the published ones. */
    void writeFrames(FrameBatch batch, int from, int count, int frameBytes) {
        final ByteBuffer bytes = this.bytes;
        for (int i = 0; i < count; i++) {
            bytes.putLong(slot(i), batch.offset(from + i) & -frameBytes);
        }
    }

    /** As producer: writes packets to slots after the published ones; returns their bytes. */
    long writePackets(FrameBatch batch, int count) {
        final ByteBuffer bytes = this.bytes;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            final int at = slot(i);
            final int length = batch.length(i);
            bytes.putLong(at, batch.offset(i));
            bytes.putLong(at + LENGTH_IN_DESCRIPTOR, length); // options 0
            sum += length;
        }
        return sum;
    }

    /** Returns where the {@code index}-th slot is after those handed over. */
    private int slot(int index) {
        return slots + ((position + index & mask) << shift);
    }

    /** As producer: hands the written slots over. */
    void publish(int count) {
        position += count;
        NativeMemory.INT.setRelease(bytes, producer, position); // pairs with the kernel's acquire
    }

    /** As producer: tells whether the kernel has yet to take slots. */
    boolean isPending() {
        limit = (int) NativeMemory.INT.getAcquire(bytes, consumer);
        return limit != position;
    }

    /** As consumer: returns how many slots can be read, at most {@code wanted}. */
    int readable(int wanted) {
        int ready = limit - position;
        if (ready < wanted) {
            limit = (int) NativeMemory.INT.getAcquire(bytes, producer); // pairs with the kernel's release
            ready = limit - position;
        }
        return Math.min(ready, wanted);
    }

    /** As consumer: appends the packets in unread slots to a batch; returns their bytes. */
    long readPackets(FrameBatch batch, int count) {
        final ByteBuffer bytes = this.bytes;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            final int at = slot(i);
            final int length = bytes.getInt(at + LENGTH_IN_DESCRIPTOR);
            batch.add((int) bytes.getLong(at), length);
            sum += length;
        }
        return sum;
    }

    /** As consumer: appends the frames in unread slots to a batch. */
    void readFrames(FrameBatch batch, int count) {
        final ByteBuffer bytes = this.bytes;
        for (int i = 0; i < count; i++) {
            batch.add((int) bytes.getLong(slot(i)), 0);
        }
    }

    /** As consumer: hands the read slots back. */
    void release(int count) {
        position += count;
        NativeMemory.INT.setRelease(bytes, consumer, position); // pairs with the kernel's acquire
    }

    /** Tells whether there is something to read. */
    boolean hasEntries() {
        return (int) NativeMemory.INT.getAcquire(bytes, producer) != (int) NativeMemory.INT.getOpaque(bytes, consumer);
    }

    /** Tells whether the kernel sleeps until it is called. */
    boolean needsWakeup() {
        return ((int) NativeMemory.INT.getOpaque(bytes, flags) & FLAG_NEED_WAKEUP) != 0;
    }

    /** Unmaps the ring. */
    @Override
    public void close() {
        memory.close();
    }
}

package org.dvm.jmh.node;

import java.util.List;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkCounters;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.MacAddress;

/**
 * A link that costs next to nothing: every empty frame comes back at once with a packet in it, and what is sent has left at
 * once. Frames pass in order, as through the rings of a kernel.
 *
 * <p><b>Threads:</b> one.
 */
final class Turntable implements LinkDriver {
    static final int FRAME_BYTES = 60;
    static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    private static final int SLOTS = 512;
    private static final long CAPACITY_BYTES_PER_MILLI = 10_000_000;
    private static final long DESTINATION = MAC.bits() << 16;
    private static final long TYPE_AND_LENGTH = 0x0800_4500_002e_0000L;
    private static final long TTL_PROTOCOL_CHECKSUM = 0x0000_4011_66bd_0000L;

    private final LinkDescription link;
    private final FrameMemory memory;
    private final int[] empty = new int[SLOTS];
    private int supplied;
    private int received;
    private final int[] sent = new int[SLOTS];
    private int transmitted;
    private int reclaimed;

    Turntable(String name, FrameMemory memory) {
        this.link = new LinkDescription(name, 0, MAC, 1500, List.of(), CAPACITY_BYTES_PER_MILLI);
        this.memory = memory;
    }

    @Override
    public LinkDescription description() {
        return link;
    }

    @Override
    public String backEnd() {
        return "turntable";
    }

    @Override
    public int receiveFrames() {
        return SLOTS;
    }

    @Override
    public int transmitFrames() {
        return SLOTS;
    }

    @Override
    public void supply(FrameBatch frames) {
        for (int i = 0; i < frames.size(); i++) {
            empty[supplied++ & SLOTS - 1] = memory.frameOf(frames.offset(i));
        }
        frames.clear();
    }

    @Override
    public int receive(FrameBatch full) {
        int count = Math.min(supplied - received, full.remaining());
        for (int i = 0; i < count; i++) {
            int at = empty[received++ & SLOTS - 1] + FrameMemory.HEADROOM_BYTES;
            // What a router has changed is written anew: time to live, checksum and Ethernet addresses.
            memory.bytes().putLong(at, DESTINATION);
            memory.bytes().putLong(at + 12, TYPE_AND_LENGTH);
            memory.bytes().putLong(at + 20, TTL_PROTOCOL_CHECKSUM);
            full.add(at, FRAME_BYTES);
        }
        return count;
    }

    @Override
    public int transmit(FrameBatch frames) {
        int count = Math.min(frames.size(), SLOTS - (transmitted - reclaimed));
        for (int i = 0; i < count; i++) {
            sent[transmitted++ & SLOTS - 1] = frames.offset(i);
        }
        frames.removeFirst(count);
        return count;
    }

    @Override
    public int reclaim(FrameBatch done) {
        int count = Math.min(transmitted - reclaimed, done.remaining());
        for (int i = 0; i < count; i++) {
            done.add(sent[reclaimed++ & SLOTS - 1], 0);
        }
        return count;
    }

    /** Returns how many frames have been sent. */
    int transmitted() {
        return transmitted;
    }

    @Override
    public void awaitReceive(long timeoutNanos) {
        // there is always something
    }

    @Override
    public void wakeUp() {
        // nobody waits
    }

    @Override
    public LinkCounters counters() {
        return new LinkCounters(
                received, (long) received * FRAME_BYTES, transmitted, (long) transmitted * FRAME_BYTES, 0, 0);
    }

    @Override
    public void close() {
        // frames end with the memory
    }
}

package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dvm.nodeos.link.FrameMemory;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of packet buffers that belong together: those of an input channel, or those from which a domain makes
 * packets of its own.
 *
 * <p>The pool neither gains nor loses buffers. When a packet arrives, an empty buffer of the pool and the full frame
 * change places; when a packet is sent, the buffer comes back with an empty frame. So the pool's size is what its owner is
 * charged for, from the first moment to {@link #close}.
 *
 * <p><b>Threads:</b> any thread.
 *
 * @paper Janos 3.1.4
 */
public final class BufferPool implements AutoCloseable {
    /*
     * Closing. Each buffer is at that moment with a thread, detached, or with the node. The first two are revoked and their
     * frames given back by the closer, after Quiescence. Those with the node - in the ring of empties, in a queue, on their
     * way - are given back when they come to the ring of empties: by the closer for those that are there, else by whoever
     * recycles them. The ring hands out each buffer once, so each frame is given back once.
     */
    private final FrameMemory memory;
    private final @Nullable Domain owner;
    private final PacketBuffer[] all;
    private final BufferRing empties;
    private volatile boolean closed;

    private BufferPool(FrameMemory memory, int buffers, @Nullable Domain owner) {
        this.memory = memory;
        this.owner = owner;
        this.empties = new BufferRing(buffers);
        this.all = new PacketBuffer[buffers];
        int[] frames = memory.take(buffers);
        for (int i = 0; i < buffers; i++) {
            all[i] = new PacketBuffer(this, memory, frames[i]);
            empties.offer(all[i]);
        }
    }

    /**
     * Allots buffers that no domain is charged for.
     *
     * @param memory where their frames lie, such as a region that a driver has registered
     * @param buffers number of buffers, at least 1
     * @return the pool, all buffers empty and in it
     * @throws org.dvm.nodeos.link.OutOfFramesException if the memory has fewer free frames; nothing is taken
     */
    public static BufferPool open(FrameMemory memory, int buffers) {
        return open(memory, buffers, null);
    }

    static BufferPool open(FrameMemory memory, int buffers, @Nullable Domain owner) {
        if (buffers < 1) {
            throw new IllegalArgumentException("pool must hold a buffer: buffers=" + buffers);
        }
        return new BufferPool(memory, buffers, owner);
    }

    /**
     * Takes an empty buffer for the running thread.
     *
     * @return the buffer, or null if all are in use or the pool is closed
     */
    public @Nullable PacketBuffer take() {
        PacketBuffer buffer = empties.poll();
        if (buffer == null || buffer.tryGrant()) {
            return buffer;
        }
        recycle(buffer); // revoked in this moment
        return null;
    }

    /**
     * Returns the number of buffers that the pool owns.
     *
     * @return buffers, in use or not
     */
    public int size() {
        return all.length;
    }

    /**
     * Returns the number of buffers that are in the pool now.
     *
     * @return empty buffers, a snapshot
     */
    public int available() {
        return empties.size();
    }

    /** Returns the domain that is charged, if any. */
    @Nullable
    Domain owner() {
        return owner;
    }

    /** Takes an empty buffer for the node. */
    @Nullable
    PacketBuffer pollEmpty() {
        return empties.poll();
    }

    /** Gets a buffer back that the node holds. */
    void recycle(PacketBuffer buffer) {
        buffer.lay(buffer.frame());
        empties.offer(buffer);
        if (closed) {
            giveEmptiesBack();
        }
    }

    private void giveEmptiesBack() {
        PacketBuffer buffer = empties.poll();
        while (buffer != null) {
            memory.give(buffer.frame());
            buffer = empties.poll();
        }
    }

    /**
     * Revokes all buffers, wherever they are, and gives their frames back as soon as no access to them can be under way;
     * those of packets that wait to be sent follow when they have left. No channel may receive into the pool any more.
     * Closing again does nothing.
     */
    @Override
    public void close() {
        if (owner == null) {
            reclaim();
        } else {
            owner.close(this);
        }
    }

    /** Closes the pool; what it was charged for is its owner's affair. */
    void reclaim() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Set<Thread> holders = new HashSet<>();
        List<PacketBuffer> lost = new ArrayList<>();
        for (PacketBuffer buffer : all) {
            Thread holder = buffer.revoke();
            if (holder != RevocableMemory.NODE) {
                lost.add(buffer);
                holders.add(holder);
                buffer.revokeViews(holders);
            }
        }
        holders.remove(RevocableMemory.REVOKED);
        holders.remove(RevocableMemory.DETACHED);
        Quiescence.await(holders);
        for (PacketBuffer buffer : lost) {
            memory.give(buffer.frame());
        }
        giveEmptiesBack();
    }
}

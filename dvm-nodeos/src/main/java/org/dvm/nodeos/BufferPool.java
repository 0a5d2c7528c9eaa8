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
     * frames given back by the closer, after Quiescence. Those with the node - in the stack of empties, in a queue, on their
     * way - are given back when they come to the stack of empties: by the closer for those that are there, else by whoever
     * recycles them. The stack hands out each buffer once, so each frame is given back once. A buffer that its holder
     * surrenders in the moment of revocation counts as the node's: see RevocableMemory.
     */
    private final FrameMemory memory;
    private final @Nullable Domain owner;
    private final int frameBytes;
    private final long[] annotations;
    private final PacketBuffer[] all;
    private final BufferStack empties;
    private final Object viewsLock = new Object();
    private final Object closing = new Object(); // of our own: a domain may keep the monitor of the pool for ever
    private volatile boolean closed;

    private BufferPool(FrameMemory memory, int buffers, @Nullable Domain owner) {
        this.memory = memory;
        this.frameBytes = memory.frameBytes();
        this.owner = owner;
        this.all = new PacketBuffer[buffers];
        this.annotations = new long[buffers * PacketBuffer.ANNOTATIONS];
        int[] frames = memory.take(buffers);
        for (int i = 0; i < buffers; i++) {
            all[i] = new PacketBuffer(this, i, memory, frames[i]);
        }
        this.empties = new BufferStack(buffers);
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
        int number = empties.pop();
        if (number < 0) {
            return null;
        }
        PacketBuffer buffer = all[number];
        buffer.lay(buffer.frame());
        if (!buffer.tryGrant()) {
            recycle(buffer); // revoked in this moment
            return null;
        }
        return buffer;
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

    /** Returns the annotations of all buffers, those of each together, by number. */
    long[] annotations() {
        return annotations;
    }

    /** Returns the lock of what buffers are shared with. */
    Object viewsLock() {
        return viewsLock;
    }

    /** Returns the size of a buffer's frame. */
    int frameBytes() {
        return frameBytes;
    }

    /** Returns the domain that is charged, if any. */
    @Nullable
    Domain owner() {
        return owner;
    }

    // Hot path: no allocation, no locks, no logging.

    /** Takes an empty buffer for the node; its wrapper still tells of the packet before. */
    @Nullable
    PacketBuffer pollEmpty() {
        int number = empties.pop();
        return number < 0 ? null : all[number];
    }

    /** Takes empty buffers for the node, at most {@code most}; returns how many. */
    int pollEmpties(int[] numbers, int most) {
        return empties.pop(numbers, most);
    }

    /** Returns the buffer of a number. */
    PacketBuffer buffer(int number) {
        return all[number];
    }

    /** Gets a buffer back that the node holds. */
    void recycle(PacketBuffer buffer) {
        empties.push(buffer.number());
        if (closed) {
            giveEmptiesBack();
        }
    }

    /** Gets buffers back that the node holds, by number. */
    void recycle(int[] numbers, int count) {
        empties.push(numbers, count);
        if (closed) {
            giveEmptiesBack();
        }
    }

    private void giveEmptiesBack() {
        int number = empties.pop();
        while (number >= 0) {
            memory.give(all[number].frame());
            number = empties.pop();
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
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<PacketBuffer> lost = new ArrayList<>();
        List<PacketBuffer> rest = List.of(all);
        while (!rest.isEmpty()) {
            rest = revoke(rest, lost);
        }
        for (PacketBuffer buffer : lost) {
            memory.give(buffer.frame());
        }
        giveEmptiesBack();
    }

    /** Revokes buffers, adds those that nobody will bring back to the lost ones, and returns those to be looked at again. */
    private static List<PacketBuffer> revoke(List<PacketBuffer> buffers, List<PacketBuffer> lost) {
        Set<Thread> holders = new HashSet<>();
        List<PacketBuffer> held = new ArrayList<>();
        for (PacketBuffer buffer : buffers) {
            if (!buffer.revoke(holders)) {
                held.add(buffer);
                buffer.revokeViews(holders);
            }
        }
        Quiescence.await(holders);
        List<PacketBuffer> surrendered = new ArrayList<>();
        for (PacketBuffer buffer : held) {
            (buffer.isRevoked() ? lost : surrendered).add(buffer);
        }
        return surrendered;
    }
}

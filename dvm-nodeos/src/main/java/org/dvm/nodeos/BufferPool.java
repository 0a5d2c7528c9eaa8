package org.dvm.nodeos;

import java.util.HashSet;
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
    private final FrameMemory memory;
    private final PacketBuffer[] all;
    private final BufferRing empties;
    private boolean closed;

    private BufferPool(FrameMemory memory, int buffers) {
        this.memory = memory;
        this.empties = new BufferRing(buffers);
        this.all = new PacketBuffer[buffers];
        int[] frames = memory.take(buffers);
        for (int i = 0; i < buffers; i++) {
            all[i] = new PacketBuffer(this, memory, frames[i]);
            empties.offer(all[i]);
        }
    }

    /**
     * Allots buffers.
     *
     * @param memory where their frames lie, such as a region that a driver has registered
     * @param buffers number of buffers, at least 1
     * @return the pool, all buffers empty and in it
     * @throws org.dvm.nodeos.link.OutOfFramesException if the memory has fewer free frames; nothing is taken
     */
    public static BufferPool open(FrameMemory memory, int buffers) {
        if (buffers < 1) {
            throw new IllegalArgumentException("pool must hold a buffer: buffers=" + buffers);
        }
        return new BufferPool(memory, buffers);
    }

    /**
     * Takes an empty buffer for the running thread.
     *
     * @return the buffer, or null if all are in use or the pool is closed
     */
    public @Nullable PacketBuffer take() {
        PacketBuffer buffer = empties.poll();
        return buffer != null && buffer.tryGrant() ? buffer : null;
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

    /**
     * Returns the memory in which the buffers lie.
     *
     * @return the node's frame memory
     */
    FrameMemory memory() {
        return memory;
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
    }

    /**
     * Revokes all buffers, wherever they are, and gives their frames back once no access can be under way. The channels
     * that use the pool must be closed before. Closing again does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Set<Thread> holders = new HashSet<>();
        for (PacketBuffer buffer : all) {
            Thread holder = buffer.revoke();
            if (holder != RevocableMemory.NODE && holder != RevocableMemory.DETACHED) {
                holders.add(holder);
            }
        }
        Quiescence.await(holders);
        for (PacketBuffer buffer : all) {
            memory.give(buffer.frame());
        }
    }
}

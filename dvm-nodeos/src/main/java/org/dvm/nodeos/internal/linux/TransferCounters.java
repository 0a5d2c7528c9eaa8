package org.dvm.nodeos.internal.linux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Frames and bytes moved in one direction.
 *
 * <p><b>Threads:</b> one thread at a time adds, any read; the counts stand apart from other threads' data.
 */
public final class TransferCounters {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    /** 128 bytes from either end of the array, so that no neighbour on the heap shares the cache lines. */
    private static final int FRAMES = 16;

    private static final int BYTES = FRAMES + 1;
    private static final int DROPS = FRAMES + 2;

    private final long[] counts = new long[DROPS + FRAMES];

    /**
     * Counts a batch.
     *
     * @param frames how many
     * @param bytes how long they were together
     */
    public void add(int frames, long bytes) {
        LONGS.setOpaque(counts, FRAMES, counts[FRAMES] + frames);
        LONGS.setOpaque(counts, BYTES, counts[BYTES] + bytes);
    }

    /**
     * Counts losses.
     *
     * @param frames how many
     */
    public void drop(int frames) {
        LONGS.setOpaque(counts, DROPS, counts[DROPS] + frames);
    }

    /**
     * Returns the frames moved.
     *
     * @return frames
     */
    public long frames() {
        return (long) LONGS.getOpaque(counts, FRAMES);
    }

    /**
     * Returns the bytes moved.
     *
     * @return bytes
     */
    public long bytes() {
        return (long) LONGS.getOpaque(counts, BYTES);
    }

    /**
     * Returns the losses.
     *
     * @return frames
     */
    public long drops() {
        return (long) LONGS.getOpaque(counts, DROPS);
    }
}

package org.dvm.nodeos;

import java.util.Arrays;
import java.util.Objects;

/**
 * Pieces of memory, each (buffer, offset, length), that make one packet in order. The list can be cleared and used again;
 * it allocates only when it grows.
 *
 * <p><b>Threads:</b> one thread.
 *
 * @paper Janos 3.1.4
 */
public final class GatherList {
    private static final int USUAL_PIECES = 8;

    private RevocableMemory[] buffers = new RevocableMemory[USUAL_PIECES];
    private int[] offsets = new int[USUAL_PIECES];
    private int[] lengths = new int[USUAL_PIECES];
    private int size;

    /** Makes an empty list. */
    public GatherList() {}

    /**
     * Adds a piece.
     *
     * @param buffer memory that the thread holds
     * @param offset bytes from the start of its data
     * @param length bytes
     * @return this list
     */
    public GatherList add(RevocableMemory buffer, int offset, int length) {
        Objects.requireNonNull(buffer, "buffer");
        if (offset < 0 || length < 0) {
            throw new IndexOutOfBoundsException(
                    "piece must not begin or reach before the data: offset=" + offset + ", length=" + length);
        }
        if (size == buffers.length) {
            buffers = Arrays.copyOf(buffers, 2 * size);
            offsets = Arrays.copyOf(offsets, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        buffers[size] = buffer;
        offsets[size] = offset;
        lengths[size] = length;
        size++;
        return this;
    }

    /**
     * Forgets all pieces.
     *
     * @return this list
     */
    public GatherList clear() {
        size = 0;
        return this;
    }

    /**
     * Returns the number of pieces.
     *
     * @return pieces
     */
    public int size() {
        return size;
    }

    void copyInto(PacketBuffer packet) {
        for (int i = 0; i < size; i++) {
            int at = packet.length();
            packet.put(lengths[i]);
            packet.copyIn(at, buffers[i], offsets[i], lengths[i]);
        }
    }
}

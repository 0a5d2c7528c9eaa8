package org.dvm.nodeos.link;

/**
 * A list of frames, each an offset into a {@link FrameMemory} and a length, of fixed capacity.
 *
 * <pre>
 *   63                32 31                 0
 *   +-------------------+-------------------+
 *   | offset of packet  | length in bytes   |
 *   +-------------------+-------------------+
 * </pre>
 *
 * An empty frame has length 0 and any offset inside the frame.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
public final class FrameBatch {
    private static final long LENGTH_MASK = 0xffff_ffffL;

    private final long[] entries;
    private int limit;
    private int size;

    /**
     * Makes an empty batch.
     *
     * @param capacity the most frames it can hold, at least 1
     */
    public FrameBatch(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("batch must hold a frame: capacity=" + capacity);
        }
        this.entries = new long[capacity];
        this.limit = capacity;
    }

    /**
     * Packs an offset and a length into one entry.
     *
     * @param offset offset of the packet's first byte
     * @param length bytes of the packet
     * @return the entry
     */
    public static long entry(int offset, int length) {
        return (long) offset << 32 | length;
    }

    /**
     * Returns the offset of an entry.
     *
     * @param entry as made by {@link #entry}
     * @return offset of the packet's first byte
     */
    public static int offsetOf(long entry) {
        return (int) (entry >>> 32);
    }

    /**
     * Returns the length of an entry.
     *
     * @param entry as made by {@link #entry}
     * @return bytes of the packet
     */
    public static int lengthOf(long entry) {
        return (int) (entry & LENGTH_MASK);
    }

    /**
     * Returns the most frames the batch can hold.
     *
     * @return frames
     */
    public int capacity() {
        return entries.length;
    }

    /**
     * Returns the number of frames in the batch.
     *
     * @return frames
     */
    public int size() {
        return size;
    }

    /**
     * Returns how many frames are still wanted.
     *
     * @return frames
     */
    public int remaining() {
        return limit - size;
    }

    /**
     * Makes the batch ask for fewer frames than it has room for.
     *
     * @param most the number of frames at which {@link #remaining} is 0, from the present size to the capacity
     */
    public void limit(int most) {
        if (most < size || most > entries.length) {
            throw new IllegalArgumentException("limit must lie between size and capacity: limit=" + most + ", size="
                    + size + ", capacity=" + entries.length);
        }
        limit = most;
    }

    /**
     * Appends a frame.
     *
     * @param offset offset of the packet's first byte
     * @param length bytes of the packet, 0 for an empty frame
     */
    public void add(int offset, int length) {
        entries[size++] = entry(offset, length);
    }

    /**
     * Replaces an entry.
     *
     * @param index 0 to size - 1
     * @param offset offset of the packet's first byte
     * @param length bytes of the packet, 0 for an empty frame
     */
    public void set(int index, int offset, int length) {
        entries[index] = entry(offset, length);
    }

    /**
     * Returns the packed entry at an index.
     *
     * @param index 0 to size - 1
     * @return the entry
     */
    public long get(int index) {
        return entries[index];
    }

    /**
     * Returns the offset of the packet at an index.
     *
     * @param index 0 to size - 1
     * @return offset of its first byte
     */
    public int offset(int index) {
        return offsetOf(entries[index]);
    }

    /**
     * Returns the length of the packet at an index.
     *
     * @param index 0 to size - 1
     * @return bytes
     */
    public int length(int index) {
        return lengthOf(entries[index]);
    }

    /**
     * Removes and returns the last frame.
     *
     * @return its entry
     */
    public long removeLast() {
        return entries[--size];
    }

    /**
     * Removes frames at the front; the others move up in order.
     *
     * @param count 0 to size
     */
    public void removeFirst(int count) {
        if (count < size) {
            System.arraycopy(entries, count, entries, 0, size - count);
        }
        size -= count;
    }

    /** Empties the batch. */
    public void clear() {
        size = 0;
    }
}

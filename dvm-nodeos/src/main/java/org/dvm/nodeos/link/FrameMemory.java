package org.dvm.nodeos.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One region of off-heap memory cut into frames of equal size, in which every packet of a node lives from arrival to
 * departure.
 *
 * <p>Frames are named by their offset in the region. The region may be registered with the kernel (an AF_XDP UMEM) or
 * be provided by a driver; then a frame passes from a receive ring to a transmit ring as a number.
 *
 * <pre>
 *   offset 0          frameBytes         2 * frameBytes
 *   |-- frame 0 -------|-- frame 1 -------|-- ...
 *   | headroom | data .......... tailroom |
 *   0          256     (where the node puts packets that it originates)
 * </pre>
 *
 * <p><b>Threads:</b> any thread. Taking and giving frames locks; it happens when buffers are allotted and reclaimed,
 * never per packet.
 *
 * @paper Janos 3.1.4
 */
public final class FrameMemory {
    /** Bytes before the data of a packet that the node originates: room for headers that are prepended later. */
    public static final int HEADROOM_BYTES = 256;

    /** Boundary at which the region begins: the page size that kernels want for registered memory. */
    public static final int ALIGNMENT_BYTES = 4096;

    private static final int SMALLEST_FRAME_BYTES = 2048;
    private static final int LARGEST_FRAME_BYTES = 65536;

    private final ByteBuffer bytes;
    private final int frameBytes;
    private final int frames;
    private final int[] free;
    private int freeCount;

    private FrameMemory(ByteBuffer bytes, int frameBytes) {
        if (frameBytes < SMALLEST_FRAME_BYTES
                || frameBytes > LARGEST_FRAME_BYTES
                || Integer.bitCount(frameBytes) != 1) {
            throw new IllegalArgumentException("frame size must be a power of two from " + SMALLEST_FRAME_BYTES + " to "
                    + LARGEST_FRAME_BYTES + ": frameBytes=" + frameBytes);
        }
        if (!bytes.isDirect()) {
            throw new IllegalArgumentException("frame memory must be a direct buffer");
        }
        this.frames = bytes.capacity() / frameBytes;
        if (frames == 0) {
            throw new IllegalArgumentException(
                    "region holds no frame: capacity=" + bytes.capacity() + ", frameBytes=" + frameBytes);
        }
        this.bytes = bytes.duplicate().clear().order(ByteOrder.BIG_ENDIAN);
        this.frameBytes = frameBytes;
        this.free = new int[frames];
        for (int i = 0; i < frames; i++) {
            free[i] = (frames - 1 - i) * frameBytes; // the lowest offset is taken first
        }
        this.freeCount = frames;
    }

    /**
     * Allocates page-aligned, zeroed memory.
     *
     * @param frames number of frames, at least 1; the region may not exceed 1 GiB
     * @param frameBytes size of a frame, a power of two from 2048 to 65536; it must hold the headroom and the largest
     *     MTU
     * @return the memory, all frames free
     */
    public static FrameMemory allocate(int frames, int frameBytes) {
        long regionBytes = (long) frames * frameBytes;
        if (frames < 1 || regionBytes > 1 << 30) {
            throw new IllegalArgumentException(
                    "region must hold 1 frame and at most 1 GiB: frames=" + frames + ", frameBytes=" + frameBytes);
        }
        // An aligned slice ends at a boundary too, so there must be a whole last page, and one more for the beginning.
        int wholePages = (int) (regionBytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
        ByteBuffer aligned = ByteBuffer.allocateDirect(wholePages + ALIGNMENT_BYTES)
                .alignedSlice(ALIGNMENT_BYTES)
                .limit((int) regionBytes);
        return new FrameMemory(aligned.slice(), frameBytes);
    }

    /**
     * Cuts memory that a driver provides into frames.
     *
     * @param region a direct buffer, used from 0 to its capacity; the caller keeps it mapped until every link that uses
     *     it is closed
     * @param frameBytes size of a frame, a power of two from 2048 to 65536
     * @return the memory, all frames free
     */
    public static FrameMemory over(ByteBuffer region, int frameBytes) {
        return new FrameMemory(region, frameBytes);
    }

    /**
     * Returns the bytes of the region, big-endian, for absolute access only.
     *
     * @return the same object at each call; position and limit are never moved
     */
    public ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Returns the size of a frame.
     *
     * @return bytes, a power of two
     */
    public int frameBytes() {
        return frameBytes;
    }

    /**
     * Returns the number of frames in the region.
     *
     * @return frames, taken or free
     */
    public int frames() {
        return frames;
    }

    /**
     * Returns the number of frames that nobody has taken.
     *
     * @return free frames
     */
    public synchronized int freeFrames() {
        return freeCount;
    }

    /**
     * Returns where the frame begins that holds an offset.
     *
     * @param offset any offset in the region
     * @return the offset of the frame's first byte
     */
    public int frameOf(int offset) {
        return offset & -frameBytes;
    }

    /**
     * Takes frames out of the free ones: all that were asked for, or none.
     *
     * @param count number of frames
     * @return their offsets
     * @throws OutOfFramesException if fewer are free; nothing is taken
     */
    public synchronized int[] take(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("frames to take must not be negative: count=" + count);
        }
        if (count > freeCount) {
            throw new OutOfFramesException(count, freeCount);
        }
        int[] taken = new int[count];
        for (int i = 0; i < count; i++) {
            taken[i] = free[--freeCount];
        }
        return taken;
    }

    /**
     * Gives a frame back. The caller must be its only holder, and no access to it may be under way.
     *
     * @param offset any offset in the frame
     */
    public synchronized void give(int offset) {
        if (freeCount == frames) {
            throw new IllegalStateException("frame was given back twice: offset=" + offset);
        }
        free[freeCount++] = frameOf(offset);
    }
}

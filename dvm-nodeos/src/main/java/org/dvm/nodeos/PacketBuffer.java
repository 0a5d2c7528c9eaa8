package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.dvm.nodeos.link.FrameMemory;
import org.jspecify.annotations.Nullable;

/**
 * A packet in a frame of the node's memory, as its domain may see it.
 *
 * <p>All buffers of a node are of one size. The data lies somewhere in the frame; {@link #push} and {@link #pull} move
 * its start, {@link #put} and {@link #take} its end, so headers come and go without a copy:
 *
 * <pre>
 *   | headroom | data           | tailroom |
 *        push &lt;|&gt; pull    take &lt;|&gt; put
 * </pre>
 *
 * Bytes that {@code push} and {@code put} uncover are those of this packet if they were part of it before, else zero.
 *
 * <p>A buffer belongs to a {@link BufferPool}, which is charged for it until the pool is closed. It is held by one
 * thread, by the node, or by nobody ({@link #detach}). Sending or releasing gives it to the node; the node brings the
 * same object back later, with other data in it. Every use by a thread that does not hold the buffer is a {@link
 * BufferAccessException}.
 *
 * @paper Janos 3.1.4, 3.2.2
 */
public final class PacketBuffer extends RevocableMemory {
    /** Number of {@linkplain #annotation annotations} of a buffer. */
    public static final int ANNOTATIONS = 6;

    /**
     * Slot of the annotation that tells the other end of a datagram: {@code address << 16 | port}. Channels of {@code
     * if0/eth/ip/udp} set it on arrival; an output channel with {@code remote=*} sends each packet where it says, so a
     * packet sent back as it came goes back to its sender.
     */
    public static final int REMOTE = 5;

    /*
     * The fields of a buffer fill one cache line of 64 bytes with those of its superclass, and the buffers of a pool lie
     * side by side: whatever a buffer needs more, its pool keeps.
     */
    private final BufferPool home;
    private final int number;
    private boolean annotated;

    /** Views of other domains; with the lock of the pool's views. */
    private @Nullable List<SharedView> views;

    private volatile boolean shared;

    /** Offset in the region of the frame beneath. */
    private int frame;

    /** Offset of the lowest byte in the frame that belongs to this packet or is zero. */
    private int floor;

    /** Offset after the highest byte in the frame that belongs to this packet or is zero. */
    private int ceiling;

    PacketBuffer(BufferPool home, int number, FrameMemory memory, int frame) {
        super(memory.bytes(), State.NODE, Access.READ_WRITE);
        this.home = home;
        this.number = number;
        lay(frame);
    }

    /**
     * Returns the pool that is charged for this buffer and gets it back.
     *
     * @return the pool
     */
    public BufferPool home() {
        return home;
    }

    /** Returns the buffer's number in its pool. */
    int number() {
        return number;
    }

    /**
     * Returns the bytes that {@link #push} can still add.
     *
     * @return bytes before the data
     */
    public int headroom() {
        checkHeld();
        return start - frame;
    }

    /**
     * Returns the bytes that {@link #put} can still add.
     *
     * @return bytes after the data
     */
    public int tailroom() {
        checkHeld();
        return frame + home.frameBytes() - start - length;
    }

    /**
     * Extends the data at its start.
     *
     * @param count bytes, 0 to {@link #headroom}
     */
    public void push(int count) {
        checkRoom(count, headroom());
        start -= count;
        length += count;
        if (start < floor) {
            fillRegion(start, floor - start, (byte) 0);
            floor = start;
        }
    }

    /**
     * Shortens the data at its start.
     *
     * @param count bytes, 0 to {@link #length}
     */
    public void pull(int count) {
        checkRoom(count, length());
        start += count;
        length -= count;
    }

    /**
     * Extends the data at its end.
     *
     * @param count bytes, 0 to {@link #tailroom}
     */
    public void put(int count) {
        checkRoom(count, tailroom());
        length += count;
        int end = start + length;
        if (end > ceiling) {
            fillRegion(ceiling, end - ceiling, (byte) 0);
            ceiling = end;
        }
    }

    /**
     * Shortens the data at its end.
     *
     * @param count bytes, 0 to {@link #length}
     */
    public void take(int count) {
        checkRoom(count, length());
        length -= count;
    }

    /** Empties the buffer: no data, the usual headroom, annotations 0. */
    public void clear() {
        checkHeld();
        lay(frame);
    }

    /**
     * Reads a number that travels with the packet inside the node but is not part of it.
     *
     * @param slot 0 to {@link #ANNOTATIONS} - 1
     * @return the value last set since the packet arrived or the buffer was cleared, else 0
     */
    public long annotation(int slot) {
        checkHeld();
        return home.annotations()[placeOf(slot)];
    }

    /**
     * Notes a number beside the packet.
     *
     * @param slot 0 to {@link #ANNOTATIONS} - 1
     * @param value any value
     */
    public void setAnnotation(int slot, long value) {
        checkHeld();
        home.annotations()[placeOf(slot)] = value;
        annotated = true;
    }

    private int placeOf(int slot) {
        return number * ANNOTATIONS + Objects.checkIndex(slot, ANNOTATIONS);
    }

    /**
     * Gives the buffer back to its pool, empty.
     *
     * @throws BufferAccessException if the running thread does not hold it
     * @throws IllegalStateException if views of it are open
     */
    public void release() {
        surrender();
        home.recycle(this);
    }

    /**
     * Lets another domain read the data while this one keeps the buffer.
     *
     * @return a view of the present data, detached; hand it to the reader's thread
     * @throws BufferAccessException if the running thread does not hold the buffer
     */
    public SharedView share() {
        checkHeld();
        SharedView view = new SharedView(this);
        synchronized (home.viewsLock()) {
            checkHeld(); // whoever revokes this buffer looks for views after that, with this lock
            List<SharedView> views = this.views == null ? new ArrayList<>() : this.views;
            views.add(view);
            this.views = views;
            shared = true;
        }
        return view;
    }

    void forget(SharedView view) {
        synchronized (home.viewsLock()) {
            if (views != null) {
                views.remove(view);
                shared = !views.isEmpty();
            }
        }
    }

    /** Revokes all views and adds to a set the threads that may still be reading. */
    void revokeViews(Set<Thread> readers) {
        synchronized (home.viewsLock()) {
            if (views != null) {
                for (SharedView view : views) {
                    view.revoke(readers);
                }
                views = null;
                shared = false;
            }
        }
    }

    /** Takes the buffer from the running thread for the node. */
    void surrender() {
        checkHeld();
        checkUnshared();
        toNode();
    }

    private void checkUnshared() {
        if (shared) {
            throw new IllegalStateException("buffer is shared: close or revoke its views first");
        }
    }

    /**
     * Puts an Ethernet header before the data.
     *
     * @param addresses destination and the upper 16 bits of the source
     * @param sourceAndType source and Ethernet type
     * @return false if there is no room; nothing is changed then
     */
    boolean encapsulate(long addresses, long sourceAndType) {
        checkHeld();
        if (start - Headers.ETHERNET_BYTES < frame) {
            return false;
        }
        putHeader(addresses, sourceAndType);
        return true;
    }

    private void putHeader(long addresses, long sourceAndType) {
        final int at = start - Headers.ETHERNET_BYTES;
        start = at;
        length += Headers.ETHERNET_BYTES;
        floor = Math.min(floor, at);
        bytes.putLong(at, addresses);
        bytes.putLong(at + Headers.ETHERNET_BYTES - Long.BYTES, sourceAndType);
    }

    /**
     * Puts an Ethernet header before the data and takes the buffer from the running thread for the node, in one access.
     *
     * @param mtuBytes most bytes of data
     * @return false if the header has no room or there is too much data; nothing but the holder is changed then
     */
    boolean seal(long addresses, long sourceAndType, int mtuBytes) {
        checkHeld();
        checkUnshared();
        boolean fits = length <= mtuBytes && start - Headers.ETHERNET_BYTES >= frame;
        if (fits) {
            putHeader(addresses, sourceAndType);
        }
        toNode();
        return fits;
    }

    /** Swaps the packets of two buffers that the node holds: this one's goes to the other, which was empty. */
    void exchangeFrames(PacketBuffer empty) {
        int other = empty.frame;
        empty.frame = frame;
        empty.start = start;
        empty.length = length;
        empty.floor = floor;
        empty.ceiling = ceiling;
        System.arraycopy(home.annotations(), placeOf(0), empty.home.annotations(), empty.placeOf(0), ANNOTATIONS);
        empty.annotated = annotated;
        lay(other);
    }

    /** Lays the wrapper over a frame without data. Only for whoever holds it. */
    void lay(int at) {
        arrive(at + FrameMemory.HEADROOM_BYTES, 0);
    }

    /** Lays the wrapper over a packet that has arrived. Only for the node, when it holds the buffer. */
    void arrive(int offset, int bytesOfData) {
        arrive(offset, offset + bytesOfData, offset, offset + bytesOfData);
    }

    /** Lays the wrapper over a part of a packet that has arrived. Only for the node, when it holds the buffer. */
    void arrive(Headers headers, int from, int to) {
        arrive(headers.link, headers.frameEnd, from, to);
    }

    private void arrive(int packetStart, int packetEnd, int from, int to) {
        frame = packetStart & -home.frameBytes();
        start = from;
        length = to - from;
        floor = packetStart;
        ceiling = packetEnd;
        if (annotated) {
            int first = placeOf(0);
            Arrays.fill(home.annotations(), first, first + ANNOTATIONS, 0);
            annotated = false;
        }
    }

    /** Puts another frame, whose content means nothing, beneath. Only for the node, when it holds the buffer. */
    void replaceFrame(int offset) {
        frame = offset;
    }

    /** Notes where a datagram came from. Only for the node, when it holds the buffer. */
    void arriveFrom(int address, int port) {
        home.annotations()[placeOf(REMOTE)] = (address & 0xffff_ffffL) << 16 | port;
        annotated = true;
    }

    /** Returns the offset of the frame beneath. Only for the node, when it holds the buffer. */
    int frame() {
        return frame;
    }

    private static void checkRoom(int count, int room) {
        if (count < 0 || count > room) {
            throw new IndexOutOfBoundsException("no room for that many bytes: bytes=" + count + ", room=" + room);
        }
    }
}

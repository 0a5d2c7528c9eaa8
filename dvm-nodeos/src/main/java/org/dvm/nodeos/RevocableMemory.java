package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;

/**
 * Off-heap bytes that one thread at a time may use and that can be taken away from it at any moment.
 *
 * <p>All numbers are big-endian, the order of the network. Offsets count from the first byte of the data; an access
 * outside 0 to {@link #length} throws {@link IndexOutOfBoundsException} and changes nothing. An access by a thread that
 * does not hold the memory throws {@link BufferAccessException} and changes nothing.
 *
 * <p><b>Threads:</b> only the holder. {@link #isHeld} is for any thread.
 *
 * @paper Janos 3.1.4, 3.2.2
 */
public abstract sealed class RevocableMemory permits PacketBuffer, PageBlock, SharedView {
    /*
     * Why a revoked or given-away wrapper never reaches somebody else's bytes.
     *
     * The field `state` says in whose hands the memory is; if it is HELD, `holder` names the only thread that may touch the
     * bytes. Each access loads both (the state with acquire: it was stored after the holder) and compares. They are two
     * fields because storing a reference costs a barrier of the garbage collector, and the same thread mostly holds the
     * same memory again.
     *
     * Giving away is done by the holder itself: release and send change the state and only then publish the frame through
     * a queue. The holder cannot be inside an access while it runs release, so program order is all the proof that is
     * needed, and any other thread fails the comparison. No count, no fence, no lock on an access.
     *
     * Revoking is done by another thread, while the holder may be between the comparison and the access:
     *
     *     holder                         revoker
     *     load state == HELD             state = REVOKED    (atomic swap; if it was HELD, the holder is to be waited for)
     *     load holder == me              wait until the holder was seen outside of an access (Quiescence)
     *     touch the bytes                give the frame to somebody else
     *
     * Quiescence looks at the holder's stack. A stack is taken at a safepoint of that thread, so a thread which was seen
     * outside of these classes has finished its accesses and compares anew before the next one; it then sees REVOKED.
     * The cost lies wholly with the revoker. A thread that spins without calling the node passes safepoints too.
     *
     * Giving a packet to the node is a comparison and a store, not one atomic step, so it may overwrite a REVOKED that was
     * set in between. It is an access like any other: after Quiescence the revoker looks again, and a buffer that is the
     * node's by then has been given away before it was revoked. Detaching, attaching and closing are atomic.
     *
     * A buffer has been somebody else's before. Bytes that do not belong to the present packet are zeroed when push or
     * put uncovers them (see PacketBuffer).
     */

    /** In whose hands memory is. */
    static final class State {
        /** In the node's. */
        static final int NODE = 0;

        /** In those of one thread. */
        static final int HELD = 1;

        /** Between two threads of its domain. */
        static final int DETACHED = 2;

        /** A thread is about to hold it. */
        static final int ATTACHING = 3;

        /** In nobody's, for good. */
        static final int REVOKED = 4;

        private State() {}
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(RevocableMemory.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The region, big-endian, used with absolute positions only. */
    final ByteBuffer bytes;

    /** Offset in the region of the first byte of the data; changed only by the holder, or by the node when it holds. */
    int start;

    /** Bytes of data; changed like {@link #start}. */
    int length;

    @SuppressWarnings("UnusedVariable") // through STATE
    private int state;

    /** Who holds the memory, or held it last. */
    private Thread holder;

    /** What the holder may do. */
    enum Access {
        READ,
        READ_WRITE
    }

    private final boolean readOnly;

    /** Lays a wrapper; if its state is {@link State#HELD}, the running thread holds it. */
    RevocableMemory(ByteBuffer bytes, int state, Access access) {
        this.bytes = bytes;
        this.state = state;
        this.holder = Thread.currentThread();
        this.readOnly = access == Access.READ;
    }

    /**
     * Returns the number of bytes of data.
     *
     * @return bytes
     */
    public final int length() {
        checkHeld();
        return length;
    }

    /**
     * Returns whether the running thread holds this memory.
     *
     * @return true if accesses by this thread are in order now
     */
    public final boolean isHeld() {
        return state() == State.HELD && holder == Thread.currentThread();
    }

    // Hot path: no allocation, no locks, no logging.

    /**
     * Reads a byte.
     *
     * @param offset bytes from the start of the data
     * @return the signed value
     */
    public final byte getByte(int offset) {
        return bytes.get(at(offset, 1));
    }

    /**
     * Reads a byte as a number from 0 to 255.
     *
     * @param offset bytes from the start of the data
     * @return the unsigned value
     */
    public final int getUnsignedByte(int offset) {
        return bytes.get(at(offset, 1)) & 0xff;
    }

    /**
     * Reads two bytes.
     *
     * @param offset bytes from the start of the data
     * @return the signed value
     */
    public final short getShort(int offset) {
        return bytes.getShort(at(offset, 2));
    }

    /**
     * Reads two bytes as a number from 0 to 65535.
     *
     * @param offset bytes from the start of the data
     * @return the unsigned value
     */
    public final int getUnsignedShort(int offset) {
        return bytes.getShort(at(offset, 2)) & 0xffff;
    }

    /**
     * Reads four bytes.
     *
     * @param offset bytes from the start of the data
     * @return the signed value
     */
    public final int getInt(int offset) {
        return bytes.getInt(at(offset, 4));
    }

    /**
     * Reads four bytes as a number from 0 to 2^32 - 1.
     *
     * @param offset bytes from the start of the data
     * @return the unsigned value
     */
    public final long getUnsignedInt(int offset) {
        return bytes.getInt(at(offset, 4)) & 0xffff_ffffL;
    }

    /**
     * Reads eight bytes.
     *
     * @param offset bytes from the start of the data
     * @return the signed value
     */
    public final long getLong(int offset) {
        return bytes.getLong(at(offset, 8));
    }

    /**
     * Writes a byte.
     *
     * @param offset bytes from the start of the data
     * @param value its low 8 bits are written
     */
    public final void setByte(int offset, int value) {
        bytes.put(atToWrite(offset, 1), (byte) value);
    }

    /**
     * Writes two bytes.
     *
     * @param offset bytes from the start of the data
     * @param value its low 16 bits are written
     */
    public final void setShort(int offset, int value) {
        bytes.putShort(atToWrite(offset, 2), (short) value);
    }

    /**
     * Writes four bytes.
     *
     * @param offset bytes from the start of the data
     * @param value the value
     */
    public final void setInt(int offset, int value) {
        bytes.putInt(atToWrite(offset, 4), value);
    }

    /**
     * Writes eight bytes.
     *
     * @param offset bytes from the start of the data
     * @param value the value
     */
    public final void setLong(int offset, long value) {
        bytes.putLong(atToWrite(offset, 8), value);
    }

    /**
     * Copies bytes out to an array.
     *
     * @param offset bytes from the start of the data
     * @param to destination
     * @param at first index written
     * @param count number of bytes
     */
    public final void copyOut(int offset, byte[] to, int at, int count) {
        Objects.checkFromIndexSize(at, count, to.length);
        bytes.get(at(offset, count), to, at, count);
    }

    /**
     * Copies bytes out to a buffer, at its position, which moves on.
     *
     * @param offset bytes from the start of the data
     * @param to destination
     * @param count number of bytes, at most {@code to.remaining()}
     */
    public final void copyOut(int offset, ByteBuffer to, int count) {
        Objects.checkIndex(count, to.remaining() + 1);
        to.put(to.position(), bytes, at(offset, count), count);
        to.position(to.position() + count);
    }

    /**
     * Copies bytes in from an array.
     *
     * @param offset bytes from the start of the data
     * @param from source
     * @param at first index read
     * @param count number of bytes
     */
    public final void copyIn(int offset, byte[] from, int at, int count) {
        Objects.checkFromIndexSize(at, count, from.length);
        bytes.put(atToWrite(offset, count), from, at, count);
    }

    /**
     * Copies bytes in from a buffer, at its position, which moves on.
     *
     * @param offset bytes from the start of the data
     * @param from source
     * @param count number of bytes, at most {@code from.remaining()}
     */
    public final void copyIn(int offset, ByteBuffer from, int count) {
        Objects.checkIndex(count, from.remaining() + 1);
        bytes.put(atToWrite(offset, count), from, from.position(), count);
        from.position(from.position() + count);
    }

    /**
     * Copies bytes in from other memory that the running thread holds too.
     *
     * @param offset bytes from the start of the data
     * @param from source
     * @param at bytes from the start of the source's data
     * @param count number of bytes
     */
    public final void copyIn(int offset, RevocableMemory from, int at, int count) {
        bytes.put(atToWrite(offset, count), from.bytes, from.at(at, count), count);
    }

    /**
     * Fills bytes with one value.
     *
     * @param offset bytes from the start of the data
     * @param count number of bytes
     * @param value its low 8 bits are written
     */
    public final void fill(int offset, int count, int value) {
        fillRegion(atToWrite(offset, count), count, (byte) value);
    }

    /**
     * Computes the Internet checksum of bytes. Over a header whose checksum field is right, the result is 0.
     *
     * @param offset bytes from the start of the data
     * @param count number of bytes; an odd last byte counts as the high half of a word
     * @return 0 to 65535, complemented, as it stands in a header
     */
    public final int internetChecksum(int offset, int count) {
        return InternetChecksum.complement(InternetChecksum.sum(bytes, at(offset, count), count));
    }

    /** Returns the offset in the region of an access, which must be the holder's and inside the data. */
    final int at(int offset, int count) {
        checkHeld();
        if (offset < 0 || count < 0 || offset > length - count) {
            throw outside(offset, count);
        }
        return start + offset;
    }

    private int atToWrite(int offset, int count) {
        if (readOnly) {
            throw new UnsupportedOperationException("shared view is for reading only");
        }
        return at(offset, count);
    }

    final void checkHeld() {
        if (state() != State.HELD || holder != Thread.currentThread()) {
            throw refused();
        }
    }

    final void fillRegion(int position, int count, byte value) {
        int at = position;
        final int end = position + count;
        final long word = (value & 0xffL) * 0x0101_0101_0101_0101L;
        for (; at <= end - 8; at += 8) {
            bytes.putLong(at, word);
        }
        for (; at < end; at++) {
            bytes.put(at, value);
        }
    }

    private int state() {
        return (int) STATE.getAcquire(this); // pairs with the release of whoever made the running thread the holder
    }

    /** The node, which holds this memory and keeps revokers away by a token, hands it to the running thread. */
    final void grant() {
        setHolder();
        STATE.setRelease(this, State.HELD);
    }

    /** Hands this memory, of which the node made the running thread the only owner, to it unless somebody revokes it first. */
    final boolean tryGrant() {
        setHolder();
        return STATE.compareAndSet(this, State.NODE, State.HELD);
    }

    private void setHolder() {
        Thread running = Thread.currentThread();
        if (holder != running) {
            holder = running;
        }
    }

    /**
     * Takes the memory from the running thread for the node, in an access that has found that the thread holds it. Whoever
     * revokes it looks again after {@link Quiescence}.
     */
    final void toNode() {
        STATE.setOpaque(this, State.NODE);
    }

    /** Takes the memory from the running thread; a revoker may want it at the same moment, one of both gets it. */
    final void leave(int next) {
        checkHeld();
        if (!STATE.compareAndSet(this, State.HELD, next)) {
            throw refused();
        }
    }

    /**
     * Lets the running thread hold memory that another thread of its domain has detached.
     *
     * @throws BufferAccessException if it is not detached
     */
    public final void attach() {
        if (!STATE.compareAndSet(this, State.DETACHED, State.ATTACHING)) {
            throw refused();
        }
        setHolder();
        if (!STATE.compareAndSet(this, State.ATTACHING, State.HELD)) {
            throw refused();
        }
    }

    /**
     * Lets go of this memory so that another thread of the same domain can {@link #attach} it.
     *
     * @throws BufferAccessException if the running thread does not hold it
     */
    public final void detach() {
        leave(State.DETACHED);
    }

    /**
     * Ends all use for good; accesses of the holder may be under way until {@link Quiescence}.
     *
     * @param holders gets the thread that held the memory, if one did
     * @return whether the memory is in the hands of the node
     */
    final boolean revoke(Set<Thread> holders) {
        int before = (int) STATE.getAndSet(this, State.REVOKED);
        if (before == State.HELD) {
            holders.add(holder);
        }
        return before == State.NODE;
    }

    final boolean isRevoked() {
        return state() == State.REVOKED;
    }

    private BufferAccessException refused() {
        return new BufferAccessException(
                switch (state()) {
                    case State.REVOKED -> BufferAccessException.Reason.REVOKED;
                    case State.NODE -> BufferAccessException.Reason.GIVEN_AWAY;
                    case State.DETACHED -> BufferAccessException.Reason.DETACHED;
                    default -> BufferAccessException.Reason.HELD_BY_OTHER;
                });
    }

    private IndexOutOfBoundsException outside(int offset, int count) {
        return new IndexOutOfBoundsException(
                "access outside the data: offset=" + offset + ", bytes=" + count + ", length=" + length);
    }
}

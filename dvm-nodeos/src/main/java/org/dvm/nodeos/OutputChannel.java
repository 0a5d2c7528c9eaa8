package org.dvm.nodeos;

import java.util.Map;
import java.util.Objects;

/**
 * Packets that leave a domain by a link.
 *
 * <p>Sent packets wait in the channel's queue, in the domain's own buffers, until it is the channel's turn on the link;
 * then the buffer goes home, empty. The guaranteed bandwidth of all channels of a link is at most what the link can carry;
 * what idle channels leave goes to the busy ones in proportion to their guarantees.
 *
 * <p><b>Threads:</b> any threads of the domain may send, also at once; each sends what it holds. The information methods
 * and {@link #close} are for any thread.
 *
 * @paper Janos 2.2, 3.1.4
 */
public final class OutputChannel implements AutoCloseable {
    private final Domain domain;
    private final OutputSpec spec;
    private final Port port;
    private final Encapsulation headers;
    private final FullRing queue;
    private final BufferPool gatherBuffers;
    private final Token sender = new Token();
    private final Counters sending = new Counters();
    private final Counters leaving = new Counters();
    private volatile boolean closed;

    // With the sender's token: what is not counted yet.
    private long sentPackets;
    private long sentBytes;

    OutputChannel(Domain domain, OutputSpec spec, Port port, Encapsulation headers, BufferPool gatherBuffers) {
        this.domain = domain;
        this.spec = spec;
        this.port = port;
        this.headers = headers;
        this.gatherBuffers = gatherBuffers;
        this.queue = new FullRing(spec.queuePackets());
    }

    /**
     * Returns what the channel was opened with.
     *
     * @return the specification
     */
    public OutputSpec spec() {
        return spec;
    }

    // Hot path: no allocation, no locks, no logging.

    /**
     * Sends packets. Each is either queued or dropped and counted; in both cases the thread no longer holds it.
     *
     * @param packets buffers that the running thread holds and that belong to this domain
     * @param from index of the first
     * @param count number of packets
     * @return number of packets queued; the others were dropped
     * @throws BufferAccessException if the thread does not hold one of them; those before it are sent, it and those after
     *     it are not
     * @throws DomainTerminatedException if the domain was destroyed
     * @throws IllegalStateException if the channel is closed
     */
    public int send(PacketBuffer[] packets, int from, int count) {
        Objects.checkFromIndexSize(from, count, packets.length);
        domain.checkpoint();
        enter();
        final int end = from + count;
        int sent = 0;
        boolean isDone = false;
        try {
            int next = from;
            if (port.beginDeparture()) {
                next += Math.min(count, port.transmitRoom());
                sent = depart(packets, from, next);
                isDone = next == end;
            }
            for (; next < end; next++) {
                sent += enqueue(packets[next]);
            }
        } finally {
            countSent();
            sender.give();
            if (!isDone || port.isOwed()) {
                port.pumpTransmit();
            }
        }
        return sent;
    }

    /**
     * Sends one packet.
     *
     * @param packet a buffer that the running thread holds and that belongs to this domain
     * @return true if it was queued, false if it was dropped
     * @throws BufferAccessException if the thread does not hold it
     * @throws DomainTerminatedException if the domain was destroyed
     * @throws IllegalStateException if the channel is closed
     */
    public boolean send(PacketBuffer packet) {
        domain.checkpoint();
        enter();
        int queued;
        try {
            queued = enqueue(packet);
        } finally {
            countSent();
            sender.give();
        }
        port.pumpTransmit();
        return queued == 1;
    }

    /**
     * Sends one packet that is put together from pieces. The pieces are copied into a buffer of the channel; the thread
     * keeps what it holds.
     *
     * @param pieces parts of memory that the running thread holds, in order
     * @return true if the packet was queued, false if it was dropped or the channel's gather buffers are all in use
     * @throws BufferAccessException if the thread does not hold one of them; nothing is sent
     * @throws IndexOutOfBoundsException if a piece lies outside its memory or all together do not fit into a buffer;
     *     nothing is sent
     */
    public boolean send(GatherList pieces) {
        domain.checkpoint();
        PacketBuffer packet = gatherBuffers.take();
        if (packet == null) {
            return false;
        }
        boolean whole = false;
        try {
            pieces.copyInto(packet);
            whole = true;
        } finally {
            if (!whole) {
                packet.release();
            }
        }
        return send(packet);
    }

    private int enqueue(PacketBuffer packet) {
        if (!take(packet)) {
            return 0;
        }
        sentPackets++;
        sentBytes += packet.length;
        return queue(packet) ? 1 : 0;
    }

    /** Sends packets past the queue, for all of which the link has room, and returns how many were not dropped. */
    private int depart(PacketBuffer[] packets, int from, int to) {
        final Port port = this.port;
        int sent = 0;
        long bytes = 0;
        try {
            for (int i = from; i < to; i++) {
                PacketBuffer packet = packets[i];
                if (take(packet)) {
                    port.depart(packet);
                    sent++;
                    bytes += packet.length;
                }
            }
        } finally {
            sentPackets += sent;
            sentBytes += bytes;
            port.endDeparture(this, sent, bytes);
        }
        return sent;
    }

    /** Takes a packet from the running thread, with its headers; returns false if it was dropped. */
    private boolean take(PacketBuffer packet) {
        if (packet.home().owner() != domain) {
            throw new IllegalArgumentException("buffer belongs to another domain; transfer it through a mailbox");
        }
        DropReason refused = headers.seal(packet);
        if (refused != null) {
            sending.drop(refused);
            packet.home().recycle(packet);
            return false;
        }
        return true;
    }

    private void countSent() {
        if (sentPackets > 0) {
            sending.count(sentPackets, sentBytes);
            sentPackets = 0;
            sentBytes = 0;
        }
    }

    private boolean queue(PacketBuffer packet) {
        if (queue.offer(packet)) {
            return true;
        }
        if (spec.dropPolicy() == DropPolicy.NEWEST) {
            sending.drop(DropReason.QUEUE_FULL);
            packet.home().recycle(packet);
            return false;
        }
        while (!queue.offer(packet)) {
            PacketBuffer oldest = queue.poll();
            if (oldest != null) {
                sending.drop(DropReason.REPLACED);
                oldest.home().recycle(oldest);
            }
        }
        return true;
    }

    private void enter() {
        while (!sender.tryTake()) {
            checkOpen();
            Thread.yield();
        }
        if (closed) {
            sender.give();
            checkOpen();
        }
    }

    private void checkOpen() {
        if (closed) {
            domain.checkpoint();
            throw new IllegalStateException("channel is closed");
        }
    }

    /** The node sends a packet that it holds itself, of a cut-through channel. Does not pump. */
    boolean forward(PacketBuffer packet) {
        sending.count(1, packet.length);
        return queue(packet);
    }

    /** The link's side: takes the next packets to leave, while those before have fewer bytes than the credit. */
    int next(PacketBuffer[] into, int most, long credit) {
        return queue.poll(into, most, credit);
    }

    boolean isEmpty() {
        return queue.size() == 0;
    }

    void departed(long packets, long bytes) {
        leaving.count(packets, bytes);
    }

    /**
     * Returns the number of packets that wait for the link.
     *
     * @return packets, a snapshot
     */
    public int queueLength() {
        return queue.size();
    }

    /**
     * Returns the number of packets that can be sent before the queue is full.
     *
     * @return packets, a snapshot
     */
    public int queueRoom() {
        return queue.capacity() - queue.size();
    }

    /**
     * Returns how many packets have left by the link.
     *
     * @return packets since the channel was opened
     */
    public long packets() {
        return leaving.packets();
    }

    /**
     * Returns the bytes of these packets, headers of the node included.
     *
     * @return bytes since the channel was opened
     */
    public long bytes() {
        return leaving.bytes();
    }

    /**
     * Returns the packets that the channel has lost.
     *
     * @return drops by reason since the channel was opened; reasons that did not occur are absent
     */
    public Map<DropReason, Long> drops() {
        return Counters.dropsOf(sending, leaving);
    }

    /** Closes the channel; packets that wait are dropped. Closing again does nothing. */
    @Override
    public void close() {
        domain.close(this);
    }

    Port port() {
        return port;
    }

    BufferPool gatherBuffers() {
        return gatherBuffers;
    }

    Counters leaving() {
        return leaving;
    }

    Counters sending() {
        return sending;
    }

    /** After this returns no thread sends any more. Returns false if the channel was stopped before. */
    boolean stop() {
        if (closed) {
            return false;
        }
        closed = true;
        sender.take();
        sender.give();
        return true;
    }

    /** Drops what waits, with the link's transmit token and after {@link #stop}. */
    void drain() {
        PacketBuffer packet = queue.poll();
        while (packet != null) {
            leaving.drop(DropReason.CLOSED);
            packet.home().recycle(packet);
            packet = queue.poll();
        }
    }
}

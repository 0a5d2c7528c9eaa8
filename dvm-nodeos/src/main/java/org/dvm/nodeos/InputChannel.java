package org.dvm.nodeos;

import java.nio.ByteBuffer;
import java.util.Map;
import org.dvm.nodeos.link.CutThroughPlan.Base;

/**
 * Packets that arrive for a domain, by protocols, addresses and demultiplexing key.
 *
 * <p>The channel has a fixed number of buffers. A packet is delivered only in exchange for an empty one; a domain that
 * doesn't {@linkplain PacketBuffer#release release} or {@linkplain OutputChannel#send send} what it received loses its own
 * packets, nobody else's.
 *
 * <p><b>Threads:</b> any threads of the domain may receive, also at once; a packet goes to one of them and is held by it.
 * The information methods and {@link #close} are for any thread.
 *
 * @paper Janos 3.1, 3.1.4
 */
public final class InputChannel implements AutoCloseable {
    private final Domain domain;
    private final InputSpec spec;
    private final Port port;
    private final PacketQueue queue;
    private final Sink sink;

    InputChannel(Domain domain, InputSpec spec, Port port, BufferPool pool) {
        this.domain = domain;
        this.spec = spec;
        this.port = port;
        this.queue = new PacketQueue(domain, pool, spec.queueLimit(), spec.dropPolicy());
        this.sink = new Sink(queue, DemuxRule.deliveredFrom(spec.protocols()));
    }

    /** The side of the link. */
    private static final class Sink implements PacketSink {
        private final PacketQueue queue;
        private final Base from;
        private boolean inBatch;

        Sink(PacketQueue queue, Base from) {
            this.queue = queue;
            this.from = from;
        }

        @Override
        public int exchange(ByteBuffer bytes, Headers headers) {
            PacketBuffer empty = queue.makeRoom();
            if (empty == null) {
                return headers.link;
            }
            int frame = empty.frame();
            if (from == Base.NETWORK) { // no switch: it looks the number of the constant up in an array
                empty.arrive(headers, headers.network, headers.end);
            } else if (from == Base.LINK) {
                empty.arrive(headers, headers.link, headers.frameEnd);
            } else if (from == Base.TRANSPORT) {
                empty.arrive(headers, headers.transport, headers.end);
            } else {
                empty.arrive(headers, headers.payload, headers.datagramEnd(bytes));
                empty.arriveFrom(bytes.getInt(headers.network + 12), bytes.getShort(headers.transport) & 0xffff);
            }
            queue.add(empty);
            return frame;
        }

        @Override
        public boolean isInBatch() {
            return inBatch;
        }

        @Override
        public void beforeBatch(int frames) {
            inBatch = true;
            queue.expect(frames);
        }

        @Override
        public void afterBatch() {
            inBatch = false;
            queue.complete();
            queue.signal();
        }
    }

    /**
     * Returns what the channel was opened with.
     *
     * @return the specification
     */
    public InputSpec spec() {
        return spec;
    }

    /**
     * Takes the packets that wait, and looks at the link if there are none. Does not wait.
     *
     * @param into filled from index 0; the running thread holds these buffers from now on
     * @return number of packets, 0 to {@code into.length}
     * @throws DomainTerminatedException if the domain was destroyed
     * @throws IllegalStateException if the channel is closed
     */
    public int receive(PacketBuffer[] into) {
        return queue.receive(port, into);
    }

    /**
     * Takes packets, and waits for the first.
     *
     * @param into filled from index 0; the running thread holds these buffers from now on
     * @param timeoutNanos longest wait in nanoseconds of the machine's clock
     * @return number of packets; 0 if none came in time or the thread was interrupted
     * @throws DomainTerminatedException if the domain was destroyed
     * @throws IllegalStateException if the channel is closed
     */
    public int receive(PacketBuffer[] into, long timeoutNanos) {
        return queue.receive(port, into, timeoutNanos);
    }

    /**
     * Returns the number of packets that wait.
     *
     * @return packets, a snapshot
     */
    public int queueLength() {
        return queue.size();
    }

    /**
     * Returns the number of packets that may still come before the channel drops.
     *
     * @return empty buffers, a snapshot
     */
    public int emptyBuffers() {
        return queue.pool().available();
    }

    /**
     * Returns how many packets the channel has delivered to its queue.
     *
     * @return packets since the channel was opened
     */
    public long packets() {
        return queue.counters().packets();
    }

    /**
     * Returns the bytes of these packets, without stripped headers.
     *
     * @return bytes since the channel was opened
     */
    public long bytes() {
        return queue.counters().bytes();
    }

    /**
     * Returns the packets that the channel has lost.
     *
     * @return drops by reason since the channel was opened; reasons that did not occur are absent
     */
    public Map<DropReason, Long> drops() {
        return Counters.dropsOf(queue.counters());
    }

    /** Closes the channel, revokes its buffers and gives back what was charged for them. Closing again does nothing. */
    @Override
    public void close() {
        domain.close(this);
    }

    /**
     * Returns whether the channel can still deliver packets.
     *
     * @return false once it is closed
     */
    public boolean isOpen() {
        return queue.isOpen();
    }

    PacketSink sink() {
        return sink;
    }

    Port port() {
        return port;
    }

    Counters counters() {
        return queue.counters();
    }

    BufferPool pool() {
        return queue.pool();
    }

    /** After this returns no thread receives any more. The link must have forgotten the channel. */
    void stop() {
        queue.close();
    }
}

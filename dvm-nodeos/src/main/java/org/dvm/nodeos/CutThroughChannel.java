package org.dvm.nodeos;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;
import org.dvm.nodeos.link.NodeClock;
import org.jspecify.annotations.Nullable;

/**
 * An input and an output channel joined inside the node: packets pass without a thread of the domain, at its account.
 *
 * <p>Where the back end can, the channel runs beneath the node, in the kernel; else the thread that pumps the input link
 * moves the packets.
 *
 * <p><b>Threads:</b> any thread.
 *
 * @paper Janos 3.1
 */
public final class CutThroughChannel implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** How much a policed channel may send at once: what its rate gives in this time, at least two largest frames. */
    static final long BURST_MILLIS = 10;

    private final Domain domain;
    private final CutThroughSpec spec;
    private final Port inputPort;
    private final OutputChannel output;
    private final BufferPool pool;
    private final Optional<CutThroughOffload> offload;
    private final Sink sink;

    CutThroughChannel(
            Domain domain,
            CutThroughSpec spec,
            Port inputPort,
            OutputChannel output,
            BufferPool pool,
            Optional<CutThroughOffload> offload,
            NodeClock clock) {
        this.domain = domain;
        this.spec = spec;
        this.inputPort = inputPort;
        this.output = output;
        this.pool = pool;
        this.offload = offload;
        this.sink = new Sink(spec, output, pool, clock);
    }

    /** The side of the input link; used with its receive token. */
    private static final class Sink implements PacketSink {
        private static final int TTL = Headers.ETHERNET_BYTES + 8;
        private static final int IP_CHECKSUM = Headers.ETHERNET_BYTES + 10;

        private final Counters counters = new Counters();
        private final OutputChannel output;
        private final BufferPool pool;
        private final NodeClock clock;
        private final boolean routes;
        private final boolean polices;
        private final long bytesPerMilli;
        private final long burstNanos;
        private final long destinationMac;
        private final long sourceMac;
        private final int largestFrame;
        private long conformingNanos = Long.MIN_VALUE / 2;
        private boolean inBatch;

        Sink(CutThroughSpec spec, OutputChannel output, BufferPool pool, NodeClock clock) {
            this.output = output;
            this.pool = pool;
            this.clock = clock;
            this.routes = spec.forwarding() == Forwarding.ROUTE;
            this.polices = spec.policing() == CutThroughSpec.Policing.DROP_EXCESS;
            this.bytesPerMilli = spec.output().bytesPerMilli();
            this.destinationMac =
                    spec.output().addresses().mac().map(mac -> mac.bits()).orElse(0L);
            this.sourceMac = output.port().driver().description().mac().bits();
            this.largestFrame = output.port().driver().description().mtuBytes() + Headers.ETHERNET_BYTES;
            this.burstNanos = burstBytes(bytesPerMilli, largestFrame) * NANOS_PER_MILLI / bytesPerMilli;
        }

        // Hot path: no allocation, no locks, no logging.

        @Override
        public int exchange(ByteBuffer bytes, Headers headers) {
            int length = headers.frameEnd - headers.link;
            counters.count(1, length);
            DropReason refused = refuse(bytes, headers, length);
            PacketBuffer empty = refused == null ? pool.pollEmpty() : null;
            if (empty == null) {
                counters.drop(refused == null ? DropReason.NO_EMPTY_BUFFER : refused);
                return headers.link;
            }
            if (routes) {
                rewrite(bytes, headers.link);
            }
            int frame = empty.frame();
            empty.arrive(headers.link, length);
            output.forward(empty);
            return frame;
        }

        private @Nullable DropReason refuse(ByteBuffer bytes, Headers headers, int length) {
            if (length > largestFrame || (routes && headers.level < Headers.IP)) {
                return DropReason.BAD_HEADER;
            }
            if (routes && (bytes.get(headers.link + TTL) & 0xff) <= 1) {
                return DropReason.EXPIRED;
            }
            return polices && !conforms(length) ? DropReason.POLICED : null;
        }

        /** Generic cell rate algorithm: the time at which the channel would have sent all at its rate. */
        private boolean conforms(int length) {
            long now = clock.nanoTime();
            long start = Math.max(conformingNanos, now - burstNanos);
            long next = start + length * NANOS_PER_MILLI / bytesPerMilli;
            if (next > now) {
                return false;
            }
            conformingNanos = next;
            return true;
        }

        private void rewrite(ByteBuffer bytes, int frame) {
            bytes.putLong(frame, destinationMac << 16 | sourceMac >>> 32);
            bytes.putInt(frame + 8, (int) sourceMac);
            int before = bytes.getShort(frame + TTL) & 0xffff; // time to live and protocol share a word
            int after = before - 0x100;
            bytes.putShort(frame + TTL, (short) after);
            int checksum = bytes.getShort(frame + IP_CHECKSUM) & 0xffff;
            bytes.putShort(frame + IP_CHECKSUM, (short) InternetChecksum.update(checksum, before, after));
        }

        @Override
        public boolean isInBatch() {
            return inBatch;
        }

        @Override
        public void beforeBatch(int frames) {
            inBatch = true;
        }

        @Override
        public void afterBatch() {
            inBatch = false;
            output.port().pumpTransmit();
        }
    }

    /** Returns how many bytes a policed channel may send at once. */
    static long burstBytes(long bytesPerMilli, int largestFrame) {
        return Math.max(bytesPerMilli * BURST_MILLIS, 2L * largestFrame);
    }

    /**
     * Returns what the channel was opened with.
     *
     * @return the specification
     */
    public CutThroughSpec spec() {
        return spec;
    }

    /**
     * Returns whether the channel runs beneath the node.
     *
     * @return true if the back end of the input link took it
     */
    public boolean isOffloaded() {
        return offload.isPresent();
    }

    /**
     * Returns how many packets have left.
     *
     * @return packets since the channel was opened
     */
    public long packets() {
        return output.packets() + offload.map(o -> o.counters().packets()).orElse(0L);
    }

    /**
     * Returns the bytes of these packets, Ethernet headers included.
     *
     * @return bytes since the channel was opened
     */
    public long bytes() {
        return output.bytes() + offload.map(o -> o.counters().bytes()).orElse(0L);
    }

    /**
     * Returns the packets that the channel has lost.
     *
     * @return drops by reason since the channel was opened; reasons that did not occur are absent
     */
    public Map<DropReason, Long> drops() {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        drops.putAll(Counters.dropsOf(sink.counters, output.sending(), output.leaving()));
        offload.map(CutThroughOffload::counters).ifPresent(counters -> {
            merge(drops, DropReason.POLICED, counters.policedPackets());
            merge(drops, DropReason.EXPIRED, counters.expiredPackets());
            merge(drops, DropReason.QUEUE_FULL, counters.failedPackets());
        });
        return drops;
    }

    private static void merge(Map<DropReason, Long> drops, DropReason reason, long packets) {
        if (packets > 0) {
            drops.merge(reason, packets, Long::sum);
        }
    }

    /** Closes the channel; packets that wait are dropped. Closing again does nothing. */
    @Override
    public void close() {
        domain.close(this);
    }

    Optional<CutThroughOffload> offload() {
        return offload;
    }

    PacketSink sink() {
        return sink;
    }

    Counters counters() {
        return sink.counters;
    }

    Port inputPort() {
        return inputPort;
    }

    OutputChannel output() {
        return output;
    }

    BufferPool pool() {
        return pool;
    }
}

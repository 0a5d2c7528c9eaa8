package org.dvm.nodeos;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.MacAddress;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.SimulatedClock;

/**
 * What the portable units are worth on this machine: the CPU time in which it forwards one IP packet, measured, and the
 * largest packet of its links.
 *
 * @param forwardingNanos CPU time of one forwarding in nanoseconds: the median of the rounds
 * @param fastestNanos the fastest round
 * @param slowestNanos the slowest round
 * @param rounds number of rounds
 * @param mtuBytes largest packet, without the Ethernet header
 * @param frameBytes size of a packet buffer
 * @paper Janos 3.1.2, 3.2.3
 */
public record Calibration(
        double forwardingNanos, double fastestNanos, double slowestNanos, int rounds, int mtuBytes, int frameBytes) {
    private static final int WARM_UP_ROUNDS = 20;
    private static final int ROUNDS = 11;
    private static final int BATCHES_PER_ROUND = 250;
    private static final int BATCH = 32;
    private static final int TIME_TO_LIVE = 8;

    /** Checks the ranges. */
    public Calibration {
        if (!(forwardingNanos > 0) || mtuBytes < LinkDescription.SMALLEST_MTU_BYTES || frameBytes < mtuBytes) {
            throw new IllegalArgumentException("calibration makes no sense: forwardingNanos=" + forwardingNanos
                    + ", mtuBytes=" + mtuBytes + ", frameBytes=" + frameBytes);
        }
    }

    /**
     * A portable specification in the units of this node, and how each number came about.
     *
     * @param resources what to ask the node for
     * @param report one line for each resource, to be read by a person
     */
    public record Mapping(ResourceSpec resources, List<String> report) {
        /** Copies the list. */
        public Mapping {
            report = List.copyOf(report);
        }
    }

    /**
     * Measures the cost of a forwarding: a domain receives packets of 60 bytes, reads and rewrites the IP header, and sends
     * them, over links in memory. The running thread's CPU time counts, so a busy machine changes little; the median of 11
     * rounds of 8,000 packets after a warm-up is taken. It takes about a second.
     *
     * @param mtuBytes largest packet of the node's links
     * @return the calibration
     */
    public static Calibration measure(int mtuBytes) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int frameBytes = Math.max(2048, Integer.highestOneBit(mtuBytes + 512 - 1) << 1);
        double[] nanos = new double[ROUNDS];
        try (Track track = new Track(frameBytes)) {
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                long spent = 0;
                for (int i = 0; i < BATCHES_PER_ROUND; i++) {
                    track.arrive();
                    long before = threads.getCurrentThreadCpuTime();
                    track.forward();
                    spent += threads.getCurrentThreadCpuTime() - before;
                    track.leave();
                }
                if (round >= 0) {
                    nanos[round] = (double) spent / (BATCHES_PER_ROUND * BATCH);
                }
            }
        }
        Arrays.sort(nanos);
        return new Calibration(
                Math.max(nanos[ROUNDS / 2], 1), nanos[0], nanos[ROUNDS - 1], ROUNDS, mtuBytes, frameBytes);
    }

    /** A node between a source and a sink, worked by hand. */
    private static final class Track implements AutoCloseable {
        private static final String NEXT_HOP = "02:00:00:00:00:02";
        private static final long BYTES_PER_MILLI = 1_000_000;

        private final SimulatedClock clock = new SimulatedClock();
        private final Node node;
        private final MemoryStation source;
        private final MemoryStation sink;
        private final InputChannel in;
        private final OutputChannel out;
        private final PacketBuffer[] packets = new PacketBuffer[BATCH];
        private final byte[] frame = frame();

        Track(int frameBytes) {
            this.node = Node.builder()
                    .clock(clock)
                    .manual()
                    .frames(1024)
                    .frameBytes(frameBytes)
                    .build();
            this.source = attach("in");
            this.sink = attach("out");
            this.in = node.root().openInput(InputSpec.of("in/eth", "*"));
            this.out = node.root().openOutput(OutputSpec.of("out/eth", "mac=" + NEXT_HOP, 1));
        }

        private MemoryStation attach(String name) {
            MacAddress near = MacAddress.parse("02:00:00:00:00:01");
            LinkDescription end = new LinkDescription(name, 0, near, 1500, List.of(), BYTES_PER_MILLI);
            MemoryLink link = new MemoryLink(end, end, clock, 0);
            node.attach(link::left);
            return new MemoryStation(link::right);
        }

        private static byte[] frame() {
            byte[] frame = new byte[60];
            frame[0] = 2;
            frame[5] = 1;
            frame[12] = 8;
            frame[14] = 0x45;
            frame[17] = 46;
            frame[22] = 64;
            frame[23] = 17;
            frame[24] = 0x7a; // checksum of this very header
            frame[25] = (byte) 0xbd;
            return frame;
        }

        void arrive() {
            for (int i = 0; i < BATCH; i++) {
                source.send(frame);
            }
            clock.advanceNanos(1_000_000);
        }

        void forward() {
            int count = in.receive(packets);
            for (int i = 0; i < count; i++) {
                PacketBuffer packet = packets[i];
                int before = packet.getUnsignedShort(TIME_TO_LIVE);
                packet.setShort(TIME_TO_LIVE, before - 0x100);
                packet.setShort(10, InternetChecksum.update(packet.getUnsignedShort(10), before, before - 0x100));
            }
            if (out.send(packets, 0, count) != BATCH) {
                throw new IllegalStateException("calibration lost packets: received=" + count);
            }
        }

        void leave() {
            clock.advanceNanos(1_000_000);
            sink.discardAll();
        }

        @Override
        public void close() {
            node.close();
        }
    }

    /**
     * Maps a portable specification to this node.
     *
     * @param wanted portable units
     * @return resources, rounded up, with a report
     */
    public Mapping map(PortableSpec wanted) {
        long cpu = up(wanted.forwardingsPerSecond() * forwardingNanos);
        long buffers = up(wanted.bufferedMtuPackets());
        long pages = MemoryPool.pagesFor(Math.multiplyExact(buffers, (long) frameBytes))
                + MemoryPool.pagesFor(buffers * Domain.BYTES_PER_PLACE);
        int wireBytes = mtuBytes + Headers.ETHERNET_BYTES;
        long output = up(wanted.sentMtuPacketsPerSecond() * wireBytes / 1000);
        long files = up(wanted.storedMtuPackets() * mtuBytes);
        List<String> report = new ArrayList<>();
        report.add(line(
                "CPU: %.0f forwardings/s x %.1f ns (median of %d rounds, %.1f to %.1f) = %,d ns/s, %.2f %% of a processor",
                wanted.forwardingsPerSecond(), forwardingNanos, rounds, fastestNanos, slowestNanos, cpu, cpu / 1e7));
        report.add(line(
                "memory: %,d packets x %d bytes (a buffer for an MTU of %d) and their queue = %,d pages of %d bytes",
                buffers, frameBytes, mtuBytes, pages, MemoryPool.PAGE_BYTES));
        report.add(line(
                "output: %.1f packets/s x %d bytes (MTU and Ethernet header) = %,d bytes/ms",
                wanted.sentMtuPacketsPerSecond(), wireBytes, output));
        report.add(line("files: %.1f packets x %d bytes = %,d bytes", wanted.storedMtuPackets(), mtuBytes, files));
        return new Mapping(new ResourceSpec(pages, cpu, output, files), report);
    }

    private static long up(double value) {
        return (long) Math.ceil(value);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

package org.dvm.nodeos.internal.linux.xdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dvm.nodeos.internal.linux.LinkEnd;
import org.dvm.nodeos.internal.linux.netlink.Rtnetlink;
import org.dvm.nodeos.internal.linux.packet.RingProvider;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameGenerator;
import org.dvm.nodeos.lab.FrameSink;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.dvm.nodeos.link.MacAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cut-through channels in the kernel: source - node - destination, three namespaces in a row. */
@Timeout(120)
class CutThroughTest {
    private static final int PORT = 4711;
    private static final List<Match> KEY = List.of(new Match(Base.TRANSPORT, 2, 2, 0xffff, PORT));
    private static final MacAddress NEW_SOURCE = MacAddress.parse("02:00:00:00:00:aa");
    private static final MacAddress NEW_DESTINATION = MacAddress.parse("02:00:00:00:00:bb");

    private final LinkDriverProvider xdp = new XdpProvider();
    private final LinkDriverProvider ring = new RingProvider();
    private final FrameMemory memory = FrameMemory.allocate(4096, 2048);
    private NetworkNamespace source;
    private NetworkNamespace node;
    private NetworkNamespace destination;
    private Cable before;
    private Cable after;

    @BeforeEach
    void build() {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "no network laboratory here: " + obstacle);
        source = NetworkNamespace.create("source");
        node = NetworkNamespace.create("node");
        destination = NetworkNamespace.create("destination");
        before = Cable.lay(source, "src0", node, "if0");
        after = Cable.lay(node, "if1", destination, "dst0");
    }

    @AfterEach
    void remove() {
        if (source != null) {
            source.close();
            node.close();
            destination.close();
        }
    }

    private LinkEnd input(LinkDriverProvider provider) {
        return new LinkEnd(node.call(() -> provider.open(before.right(), memory)), memory);
    }

    private CutThroughOffload offload(LinkEnd input, CutThroughPlan plan) {
        return node.call(() -> input.driver().offload(plan)).orElseThrow();
    }

    private CutThroughPlan plan(Forwarding forwarding, long bytesPerMilli, long burstBytes) {
        return new CutThroughPlan(
                after.left(), KEY, forwarding, NEW_SOURCE, NEW_DESTINATION, bytesPerMilli, burstBytes);
    }

    private static byte[] frame(int port, int ttl) {
        byte[] frame = UdpFrames.make(MacAddress.BROADCAST, NEW_SOURCE, 0x0a000001, 0x0a000102, port, 60);
        frame[22] = (byte) ttl;
        frame[24] = 0;
        frame[25] = 0;
        ByteBuffer.wrap(frame).putShort(24, (short) UdpFrames.headerChecksum(frame, 14));
        return frame;
    }

    @Test
    void routesFramesOfItsKeyAndLeavesTheRestToTheNode() {
        try (LinkEnd sender = new LinkEnd(source.call(() -> ring.open(before.left(), memory)), memory);
                LinkEnd receiver = new LinkEnd(destination.call(() -> ring.open(after.right(), memory)), memory);
                LinkEnd input = input(xdp);
                CutThroughOffload channel = offload(input, plan(Forwarding.ROUTE, 0, 0))) {
            List<byte[]> forwarded = new ArrayList<>();
            List<byte[]> kept = new ArrayList<>();
            for (int ttl = 255; ttl > 0; ttl--) {
                sender.send(frame(PORT, ttl));
                sender.send(frame(PORT + 1, ttl));
                receiver.receive(forwarded::add);
                input.receive(kept::add);
            }
            receiver.receiveUntil(254 - forwarded.size(), forwarded::add);
            input.receiveUntil(255 - kept.size(), kept::add);

            assertThat(kept)
                    .hasSize(255)
                    .allSatisfy(frame -> assertThat(frame[37]).isEqualTo((byte) (PORT + 1)));
            assertThat(forwarded).hasSize(254);
            for (int i = 0; i < forwarded.size(); i++) {
                byte[] expected = frame(PORT, 254 - i);
                ByteBuffer.wrap(expected).put(NEW_DESTINATION.toBytes()).put(NEW_SOURCE.toBytes());
                assertThat(forwarded.get(i)).isEqualTo(expected);
            }
            assertThat(channel.counters()).isEqualTo(new CutThroughOffload.Counters(254, 254 * 60, 0, 1, 0));
        }
    }

    @Test
    void bridgesFramesAsTheyAre() {
        try (LinkEnd sender = new LinkEnd(source.call(() -> ring.open(before.left(), memory)), memory);
                LinkEnd receiver = new LinkEnd(destination.call(() -> ring.open(after.right(), memory)), memory);
                LinkEnd input = input(ring);
                CutThroughOffload channel = offload(input, plan(Forwarding.BRIDGE, 0, 0))) {
            byte[] frame = frame(PORT, 1);
            List<byte[]> forwarded = new ArrayList<>();
            sender.send(frame);
            receiver.receiveUntil(1, forwarded::add);

            assertThat(forwarded).hasSize(1);
            assertThat(forwarded.get(0)).isEqualTo(frame);
            assertThat(channel.counters().packets()).isEqualTo(1);
        }
    }

    @Test
    void policesToTheBurstAtOnceAndAccountsForEveryFrame() {
        int total = 200_000;
        long burstBytes = 60 * 1000;
        byte[] frame = frame(PORT, 64);
        try (FrameSink sink = FrameSink.on(destination, after.right());
                LinkEnd input = input(xdp);
                CutThroughOffload channel = offload(input, plan(Forwarding.ROUTE, 60, burstBytes));
                FrameGenerator generator = FrameGenerator.on(source, before.left(), frame)) {
            long begin = System.nanoTime();
            generator.send(total);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) + 1;

            CutThroughOffload.Counters counters = channel.counters();
            assertThat(counters.packets()).isBetween(500L, 1001 + millis); // a burst, and one frame a millisecond
            assertThat(counters.packets() + counters.policedPackets()).isEqualTo(total);
            assertThat(sink.count().frames() + counters.failedPackets()).isEqualTo(counters.packets());
        }
    }

    @Test
    void policesToTheRateInTheLongRun() throws InterruptedException {
        long bytesPerMilli = 6000; // 100 frames a millisecond
        byte[] frame = frame(PORT, 64);
        try (FrameSink sink = FrameSink.on(destination, after.right());
                LinkEnd input = input(xdp);
                CutThroughOffload channel = offload(input, plan(Forwarding.ROUTE, bytesPerMilli, 1 << 20));
                FrameGenerator generator = FrameGenerator.on(source, before.left(), frame)) {
            generator.start(0);
            TimeUnit.MILLISECONDS.sleep(500); // the burst is spent
            long begin = System.nanoTime();
            long first = sink.count().frames();
            TimeUnit.SECONDS.sleep(2);
            double framesPerMilli = (sink.count().frames() - first) * 1e6 / (System.nanoTime() - begin);

            // A generator that the machine holds up for longer than the burst lasts can only lower the rate.
            assertThat(framesPerMilli).isLessThan(101).isCloseTo(100, within(30.0));
            assertThat(channel.counters().policedPackets()).isPositive();
        }
    }

    @Test
    void sendsPacketsTooLongForTheOutputToTheNode() {
        destination.run(() -> setMtu(after.right().index(), 1000));
        node.run(() -> setMtu(after.left().index(), 1000));
        CutThroughPlan plan = new CutThroughPlan(
                node.call(() -> xdp.links().stream()
                        .filter(link -> link.name().equals("if1"))
                        .findFirst()
                        .orElseThrow()),
                KEY,
                Forwarding.ROUTE,
                NEW_SOURCE,
                NEW_DESTINATION,
                0,
                0);
        try (LinkEnd sender = new LinkEnd(source.call(() -> ring.open(before.left(), memory)), memory);
                LinkEnd input = input(xdp);
                CutThroughOffload channel = offload(input, plan)) {
            sender.send(UdpFrames.make(MacAddress.BROADCAST, NEW_SOURCE, 1, 2, PORT, 1200));
            List<byte[]> kept = new ArrayList<>();
            input.receiveUntil(1, kept::add);

            assertThat(kept).hasSize(1);
            assertThat(channel.counters().packets()).isZero();
        }
    }

    private static void setMtu(int index, int mtu) throws Exception {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            rtnetlink.setMtu(index, mtu);
        }
    }

    @Test
    void selectedFramesComeToTheNodeAndOthersDoNot() {
        for (LinkDriverProvider provider : List.of(xdp, ring)) {
            try (LinkEnd sender = new LinkEnd(source.call(() -> ring.open(before.left(), memory)), memory);
                    LinkEnd input = input(provider)) {
                input.driver().select(List.of(KEY));
                List<byte[]> kept = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    sender.send(frame(PORT + i % 2, 64));
                }
                input.receiveUntil(10, kept::add);
                input.driver().awaitReceive(TimeUnit.MILLISECONDS.toNanos(20));
                input.receive(kept::add);

                assertThat(kept)
                        .hasSize(10)
                        .allSatisfy(frame -> assertThat(frame[37]).isEqualTo((byte) PORT));
            }
        }
    }

    @Test
    void runsInTheNodeIfTheOutputIsNoInterface() {
        CutThroughPlan plan = new CutThroughPlan(
                new LinkDescription("memory0", 0, NEW_SOURCE, 1500, List.of(), 1000),
                KEY,
                Forwarding.ROUTE,
                NEW_SOURCE,
                NEW_DESTINATION,
                0,
                0);
        try (LinkEnd input = input(xdp)) {
            Optional<CutThroughOffload> channel = node.call(() -> input.driver().offload(plan));
            assertThat(channel).isEmpty();
        }
    }

    @Test
    void closedChannelsAreGoneFromTheKernel() {
        byte[] frame = frame(PORT, 64);
        try (FrameSink sink = FrameSink.on(destination, after.right());
                LinkEnd input = input(xdp);
                FrameGenerator generator = FrameGenerator.on(source, before.left(), frame)) {
            for (int i = 0; i < 100; i++) {
                offload(input, plan(Forwarding.ROUTE, 1000, 1000)).close();
            }
            generator.send(64);
            assertThat(input.receiveUntil(64, bytes -> assertThat(bytes).isEqualTo(frame)))
                    .isEqualTo(64);
            assertThat(sink.count().frames()).isZero();
        }
    }
}

package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;
import org.dvm.nodeos.link.MacAddress;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.SimulatedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node between two stations, by hand and under a simulated clock. */
class ForwardingTest {
    private static final String FORWARD = "mac=02:00:00:00:00:02";

    private final SimulatedClock clock = new SimulatedClock();
    private final Node node =
            Node.builder().clock(clock).manual().frames(4096).processors(2).build();
    private final MemoryStation source = attach("if0");
    private final MemoryStation sink = attach("if1");
    private final PacketBuffer[] batch = new PacketBuffer[64];

    private MemoryStation attach(String name) {
        MemoryLink link = new MemoryLink(
                Packets.link(name, Packets.NODE_MAC, Packets.FAST),
                Packets.link("station", Packets.PEER_MAC, Packets.FAST),
                clock,
                0);
        node.attach(link::left);
        return new MemoryStation(link::right);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void forwardsWithoutCopyThroughUserCode() {
        InputChannel in = node.root().openInput(InputSpec.of("if0/eth", "*"));
        OutputChannel out = node.root().openOutput(OutputSpec.of("if1/eth", FORWARD, 1000));
        byte[] sent = Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, Packets.payload(100, 3));
        source.send(sent);
        step();

        int count = in.receive(batch);
        assertThat(count).isEqualTo(1);
        assertThat(batch[0].getUnsignedByte(0)).isEqualTo(0x45);
        batch[0].setByte(8, 63);
        out.send(batch, 0, count);
        step();

        byte[] expected = sent.clone();
        System.arraycopy(Packets.PEER_MAC.toBytes(), 0, expected, 0, 6);
        System.arraycopy(Packets.NODE_MAC.toBytes(), 0, expected, 6, 6);
        expected[22] = 63;
        assertThat(sink.receive()).isEqualTo(expected);
        assertThat(in.emptyBuffers()).isEqualTo(256);
        assertThat(out.packets()).isEqualTo(1);
        assertThat(out.bytes()).isEqualTo(sent.length);
    }

    @Test
    void deliversTheDatagramAloneAndMakesAllHeadersOnTheWayBack() {
        InputChannel in = node.root().openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:5000"));
        OutputChannel out = node.root()
                .openOutput(OutputSpec.of(
                        "if0/eth/ip/udp", "local=10.0.0.9:5000,remote=10.0.0.1:7,mac=02:00:00:00:00:02", 1000));
        source.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 5000, "hello".getBytes(StandardCharsets.UTF_8)));
        step();

        assertThat(in.receive(batch)).isEqualTo(1);
        byte[] payload = new byte[batch[0].length()];
        batch[0].copyOut(0, payload, 0, payload.length);
        assertThat(payload).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        out.send(batch[0]);
        step();

        byte[] back = Objects.requireNonNull(source.receive());
        assertThat(Arrays.copyOfRange(back, 42, 47)).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(Packets.checksum(back, 14, 20)).isZero();
        ByteBuffer read = ByteBuffer.wrap(back);
        assertThat(read.getInt(26)).isEqualTo(Endpoint.parseAddress("10.0.0.9"));
        assertThat(read.getInt(30)).isEqualTo(Endpoint.parseAddress("10.0.0.1"));
        assertThat(read.getShort(34)).isEqualTo((short) 5000);
        assertThat(read.getShort(36)).isEqualTo((short) 7);
        assertThat(back).hasSize(47);
    }

    @Test
    void sendsADatagramBackToWhereItCameFrom() {
        InputChannel in = node.root().openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:5000"));
        OutputChannel out = node.root()
                .openOutput(
                        OutputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:5000,remote=*,mac=02:00:00:00:00:02", 1000));
        source.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 5000, new byte[4]));
        source.send(Packets.udp("10.0.0.200", 65535, "10.0.0.9", 5000, new byte[4]));
        step();

        out.send(batch, 0, in.receive(batch));
        PacketBuffer nowhere =
                Objects.requireNonNull(node.root().allotBuffers(1).take());
        assertThat(out.send(nowhere)).isFalse();
        step();

        for (String expected : new String[] {"10.0.0.1:7", "10.0.0.200:65535"}) {
            ByteBuffer back = ByteBuffer.wrap(Objects.requireNonNull(source.receive()));
            Endpoint to = Endpoint.parse(expected);
            assertThat(back.getInt(30)).isEqualTo(to.address());
            assertThat(back.getShort(36) & 0xffff).isEqualTo(to.firstPort());
            assertThat(Packets.checksum(back.array(), 14, 20)).isZero();
        }
    }

    @Test
    void aDomainThatReturnsNoBuffersLosesItsOwnPacketsOnly() {
        InputChannel greedy = node.root()
                .openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:1").withBuffers(4));
        InputChannel fair = node.root()
                .openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:2").withBuffers(4));
        for (int i = 0; i < 10; i++) {
            source.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 1, Packets.payload(10, i)));
            source.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 2, Packets.payload(10, i)));
            step();
            greedy.receive(new PacketBuffer[1]);
            fair.receive(batch);
            batch[0].release();
        }

        assertThat(greedy.packets()).isEqualTo(4);
        assertThat(greedy.drops()).containsExactly(entry(DropReason.NO_EMPTY_BUFFER, 6L));
        assertThat(fair.packets()).isEqualTo(10);
        assertThat(fair.drops()).isEmpty();
    }

    @Test
    void aFullQueueLosesWhatItsPolicySays() {
        InputSpec spec = InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:1").withBuffers(8);
        InputChannel newest = node.root().openInput(spec.withQueueLimit(3));
        InputChannel oldest = node.root()
                .openInput(new InputSpec(
                        spec.protocols(),
                        AddressSpec.parse("local=10.0.0.9:2"),
                        DemuxKey.ALL,
                        8,
                        3,
                        DropPolicy.OLDEST));
        for (int i = 0; i < 5; i++) {
            source.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 1, new byte[] {(byte) i}));
            source.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 2, new byte[] {(byte) i}));
        }
        step();

        assertThat(marks(newest)).containsExactly(0, 1, 2);
        assertThat(newest.drops()).containsExactly(entry(DropReason.QUEUE_FULL, 2L));
        assertThat(marks(oldest)).containsExactly(2, 3, 4);
        assertThat(oldest.drops()).containsExactly(entry(DropReason.REPLACED, 2L));
    }

    private int[] marks(InputChannel channel) {
        int count = channel.receive(batch);
        int[] marks = new int[count];
        for (int i = 0; i < count; i++) {
            marks[i] = batch[i].getByte(0);
            batch[i].release();
        }
        return marks;
    }

    @Test
    void gathersPiecesIntoOnePacketAndKeepsThem() {
        OutputChannel out = node.root()
                .openOutput(OutputSpec.of(
                        "if1/eth/ip/udp", "local=10.0.0.9:1,remote=10.0.0.1:2,mac=02:00:00:00:00:02", 1000));
        BufferPool pool = node.root().allotBuffers(2);
        PacketBuffer head = Objects.requireNonNull(pool.take());
        head.put(8);
        head.setLong(0, 0x0102030405060708L);
        PageBlock tail = node.root().allotPages(1);
        tail.setInt(4000, 0xcafebabe);

        out.send(new GatherList().add(head, 2, 3).add(tail, 4000, 4).add(head, 0, 1));
        step();

        byte[] frame = Objects.requireNonNull(sink.receive());
        assertThat(Arrays.copyOfRange(frame, 42, frame.length)).containsExactly(3, 4, 5, 0xca, 0xfe, 0xba, 0xbe, 1);
        assertThat(head.isHeld()).isTrue();
    }

    @Test
    void cutThroughRoutesAndPolices() {
        MacAddress next = MacAddress.parse("02:00:00:00:00:77");
        CutThroughChannel channel = node.root()
                .openCutThrough(new CutThroughSpec(
                        InputSpec.of("if0/eth/ip", "*"),
                        OutputSpec.of("if1", "mac=" + next, 100),
                        Forwarding.ROUTE,
                        CutThroughSpec.Policing.DROP_EXCESS));
        byte[] sent = Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, Packets.payload(958, 3));
        for (int i = 0; i < 100; i++) {
            source.send(sent);
            step();
        }

        byte[] routed = Objects.requireNonNull(sink.receive());
        assertThat(MacAddress.of(Arrays.copyOf(routed, 6))).isEqualTo(next);
        assertThat(routed[22]).isEqualTo((byte) 63);
        assertThat(Packets.checksum(routed, 14, 20)).isZero();
        // 100 frames of 1000 bytes in 100 ms at 100 bytes a millisecond: 10, and the burst of two largest frames and
        // more
        assertThat(channel.packets()).isBetween(12L, 14L);
        assertThat(channel.drops()).containsExactly(entry(DropReason.POLICED, 100 - channel.packets()));
    }

    @Test
    void cutThroughDropsPacketsWhoseTimeIsOver() {
        CutThroughChannel channel = node.root()
                .openCutThrough(new CutThroughSpec(
                        InputSpec.of("if0/eth/ip", "*"),
                        OutputSpec.of("if1", FORWARD, 100),
                        Forwarding.ROUTE,
                        CutThroughSpec.Policing.NONE));
        byte[] sent = Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, Packets.payload(10, 3));
        sent[22] = 1;
        sent[24] = 0;
        sent[25] = 0;
        ByteBuffer.wrap(sent).putShort(24, (short) Packets.checksum(sent, 14, 20));
        source.send(sent);
        step();

        assertThat(channel.drops()).containsExactly(entry(DropReason.EXPIRED, 1L));
        assertThat(sink.receive()).isNull();
    }

    @Test
    void countsWhatNobodyWantsAtTheNodesExpense() {
        source.send(Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, new byte[10]));
        byte[] broken = Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, new byte[10]);
        broken[24] ^= 1;
        source.send(broken);
        step();

        assertThat(node.statistics("if0").drops())
                .containsOnly(entry(DropReason.NO_CHANNEL, 1L), entry(DropReason.BAD_HEADER, 1L));
    }

    @Test
    void refusesToSendWhatDoesNotFitTheLink() {
        OutputChannel out = node.root().openOutput(OutputSpec.of("if1/eth", FORWARD, 1000));
        BufferPool pool = node.root().allotBuffers(1);
        PacketBuffer packet = Objects.requireNonNull(pool.take());
        packet.put(1501);

        assertThat(out.send(packet)).isFalse();
        assertThat(out.drops()).containsExactly(entry(DropReason.BAD_HEADER, 1L));
        assertThat(pool.available()).isEqualTo(1);
        assertThatThrownBy(() -> packet.getByte(0)).isInstanceOf(BufferAccessException.class);
    }

    @Test
    void handsAPacketToAnotherDomainInExchangeForAnEmptyBuffer() throws InterruptedException {
        Domain other = node.root().create(DomainSpec.of("other", new ResourceSpec(1000, 0, 0, 0), Authority.NONE));
        Mailbox mailbox = other.openMailbox(1);
        BufferPool pool = node.root().allotBuffers(1);
        PacketBuffer packet = Objects.requireNonNull(pool.take());
        packet.put(4);
        packet.setInt(0, 42);

        assertThat(mailbox.send(packet)).isTrue();

        assertThat(packet.length()).isZero();
        packet.put(4);
        assertThat(packet.getInt(0)).isZero();
        assertThat(mailbox.send(packet)).isFalse();
        assertThat(mailbox.receive(batch)).isEqualTo(1);
        assertThat(batch[0].getInt(0)).isEqualTo(42);
        assertThat(batch[0].home().size()).isEqualTo(1);
        other.destroy();
        assertThatThrownBy(() -> batch[0].getInt(0)).hasMessageContaining("revoked");
        assertThat(packet.getInt(0)).isZero();
    }

    @Test
    void sharesABufferForReadingUntilTheViewIsRevoked() {
        BufferPool pool = node.root().allotBuffers(1);
        PacketBuffer packet = Objects.requireNonNull(pool.take());
        packet.put(4);
        packet.setInt(0, 42);
        SharedView view = packet.share();
        view.attach();

        assertThat(view.getInt(0)).isEqualTo(42);
        assertThatThrownBy(() -> view.setInt(0, 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(packet::release).hasMessageContaining("shared");
        view.revokeView();
        assertThatThrownBy(() -> view.getInt(0)).hasMessageContaining("revoked");
        packet.release();
        assertThat(pool.available()).isEqualTo(1);
    }

    @Test
    void movesPacketsWithoutAllocatingOnTheHeap() {
        InputChannel in = node.root().openInput(InputSpec.of("if0/eth/ip", "*"));
        OutputChannel out = node.root()
                .openOutput(OutputSpec.of(
                        "if1/eth/ip/udp", "local=10.0.0.9:1,remote=10.0.0.1:2,mac=02:00:00:00:00:02", 1000));
        byte[] sent = Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, Packets.payload(100, 3));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long used = 0;
        for (int round = 0; round < 12_000; round++) {
            for (int i = 0; i < 16; i++) {
                source.send(sent);
            }
            clock.advance(Duration.ofMillis(1));
            long before = threads.getThreadAllocatedBytes(self);
            int count = in.receive(batch);
            for (int i = 0; i < count; i++) {
                batch[i].setByte(8, i);
            }
            out.send(batch, 0, count);
            clock.advanceNanos(1_000_000);
            out.send(batch, 0, 0);
            long after = threads.getThreadAllocatedBytes(self);
            used += round < 10_000 ? 0 : after - before;
            assertThat(count).isEqualTo(16);
            sink.discardAll();
        }

        assertThat(out.packets()).isEqualTo(12_000 * 16);
        assertThat(used).isLessThan(2_000 * 16 / 10); // less than a tenth of a byte per packet: 0
    }

    @Test
    void answersForEveryPacketThatWasSent() {
        InputChannel in = node.root()
                .openInput(InputSpec.of("if0/eth", "*").withBuffers(16).withQueueLimit(8));
        OutputChannel out =
                node.root().openOutput(OutputSpec.of("if1/eth", FORWARD, 1000).withQueue(4));
        long sent = 0;
        long received = 0;
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < round % 23; i++) {
                sent += source.send(Packets.udp("10.0.0.1", 7, "10.1.0.1", 9, Packets.payload(100, 3))) ? 1 : 0;
            }
            step();
            int count = in.receive(batch);
            out.send(batch, 0, count);
            step();
            received += sink.discardAll();
        }

        long lost = in.drops().values().stream().mapToLong(n -> n).sum()
                + out.drops().values().stream().mapToLong(n -> n).sum();
        assertThat(lost).isPositive();
        assertThat(received + lost).isEqualTo(sent);
        assertThat(node.statistics("if0").driver().receiveDrops()).isZero();
    }

    @Test
    void listsOpenLinksAndRefusesUnknownOnes() {
        assertThat(node.links()).extracting(link -> link.name()).containsExactly("if0", "if1");
        assertThatThrownBy(() -> node.root().openInput(InputSpec.of("if7/eth", "*")))
                .hasMessageContaining("if7")
                .hasMessageContaining("if0, if1");
        assertThat(ProtocolSpec.parse("if0")).isEqualTo(new ProtocolSpec("if0", Optional.empty()));
    }

    private void step() {
        clock.advance(Duration.ofMillis(1));
        node.poll();
    }
}

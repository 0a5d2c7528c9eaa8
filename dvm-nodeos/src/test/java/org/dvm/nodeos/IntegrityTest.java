package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.NodeClock;
import org.junit.jupiter.api.Test;

/** Numbered, checksummed frames at full rate through a running node, while other domains come, misbehave and go. */
class IntegrityTest {
    private static final int FRAMES = 60_000;
    private static final ResourceSpec SOME = new ResourceSpec(2000, 0, 1000, 0);
    private static final Authority ROUTER = new Authority(
            Set.of(Authority.Right.RECEIVE_ANY, Authority.Right.SEND_AS_ANY), java.util.List.of(Endpoint.ANY));

    @Test
    void everyFrameArrivesIntactOrIsCountedAsLost() throws InterruptedException {
        try (Node node = Node.builder().frames(8192).build()) {
            MemoryStation source = attach(node, "if0");
            MemoryStation sink = attach(node, "if1");
            Domain good = node.root().create(DomainSpec.of("good", SOME, ROUTER));
            InputChannel in = good.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:1"));
            OutputChannel out = good.openOutput(
                    OutputSpec.of("if1/eth/ip/udp", "local=10.0.0.1:1,remote=10.0.0.2:1,mac=02:00:00:00:00:02", 1000));
            good.mainThreads().serve(in, (packets, count) -> out.send(packets, 0, count));
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger cycles = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread others = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        misbehave(node, cycles.getAndIncrement());
                    }
                } catch (RuntimeException | InterruptedException e) {
                    failure.set(e);
                }
            });
            others.start();
            Random random = new Random(5);
            long received = 0;
            long sent = 0;
            int last = -1;
            for (int number = 0; number < FRAMES; number++) {
                sent += source.send(frame(number, random, 1)) ? 1 : 0;
                source.send(frame(number, random, 2)); // for the others
                byte[] frame = sink.receive();
                while (frame != null) {
                    int seen = check(frame);
                    if (seen >= 0) {
                        assertThat(seen).isGreaterThan(last);
                        last = seen;
                        received++;
                    }
                    frame = sink.receive();
                }
            }
            stop.set(true);
            others.join();
            long quietSince = System.nanoTime();
            while (System.nanoTime() - quietSince < 200_000_000) {
                byte[] frame = sink.receive();
                if (frame != null) {
                    received += check(frame) >= 0 ? 1 : 0;
                    quietSince = System.nanoTime();
                }
            }

            long beneath = source.driver().counters().transmitDrops()
                    + node.statistics("if0").driver().receiveDrops()
                    + node.statistics("if1").driver().transmitDrops()
                    + sink.driver().counters().receiveDrops();
            long counted = sum(in.drops().values()) + sum(out.drops().values());
            assertThat(failure).hasValue(null);
            assertThat(cycles.get()).isGreaterThan(3);
            assertThat(received).isPositive();
            // What was lost beneath the node belongs to both streams: the sum is a bound, exact when nothing was.
            assertThat(received + counted).isLessThanOrEqualTo(sent);
            assertThat(received + counted + beneath).isGreaterThanOrEqualTo(sent);
        }
    }

    /** A domain that keeps buffers, writes into what it holds and never answers, destroyed in full traffic. */
    private static void misbehave(Node node, int cycle) throws InterruptedException {
        AtomicInteger got = new AtomicInteger();
        Domain bad = node.root().create(DomainSpec.of("bad" + cycle, SOME, Authority.over("10.0.0.1:2")), self -> {
            InputChannel in = self.openInput(
                    InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:2").withBuffers(64));
            PacketBuffer[] kept = new PacketBuffer[16];
            got.addAndGet(in.receive(kept, 100_000_000));
            while (got.get() > 0) {
                for (PacketBuffer packet : kept) {
                    if (packet != null) {
                        packet.fill(0, packet.length(), 0xee);
                    }
                }
            }
        });
        Thread.sleep(cycle % 5);
        bad.destroy();
    }

    private static MemoryStation attach(Node node, String name) {
        MemoryLink link = new MemoryLink(
                Packets.link(name, Packets.NODE_MAC, Packets.FAST),
                Packets.link("station", Packets.PEER_MAC, Packets.FAST),
                NodeClock.SYSTEM,
                0);
        node.attach(link::left);
        return new MemoryStation(link::right);
    }

    private static byte[] frame(int number, Random random, int port) {
        byte[] payload = new byte[18 + random.nextInt(1455)];
        Arrays.fill(payload, (byte) number);
        ByteBuffer.wrap(payload).putInt(8, number).putLong(0, crc(payload, number));
        return Packets.udp("10.0.0.9", 7, "10.0.0.1", port, payload);
    }

    /** Returns the number of an intact frame of the good domain. */
    private static int check(byte[] frame) {
        byte[] payload = Arrays.copyOfRange(frame, 42, frame.length);
        int number = ByteBuffer.wrap(payload).getInt(8);
        long crc = ByteBuffer.wrap(payload).getLong(0);
        assertThat(crc(payload, number)).isEqualTo(crc);
        return number;
    }

    private static long crc(byte[] payload, int number) {
        byte[] copy = Objects.requireNonNull(payload).clone();
        ByteBuffer.wrap(copy).putLong(0, 0).putInt(8, number);
        CRC32 crc = new CRC32();
        crc.update(copy);
        return crc.getValue();
    }

    private static long sum(Iterable<Long> values) {
        long sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }
}

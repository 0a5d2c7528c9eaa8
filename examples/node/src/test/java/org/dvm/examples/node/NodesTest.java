package org.dvm.examples.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainState;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.click.ClickChannel;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.MacAddress;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.NodeClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodesTest {
    private static final MacAddress NODE = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:02");
    private static final String NEXT_HOP = PEER.toString();
    private static final long FAST = 1_250_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int TTL = 22;

    private final Node node = Node.builder().frames(4096).build();
    private final MemoryStation outer = attach("if0");
    private final MemoryStation inner = attach("if1");

    private MemoryStation attach(String name) {
        MemoryLink link = new MemoryLink(link(name, NODE), link("station", PEER), NodeClock.SYSTEM, 0);
        node.attach(link::left);
        return new MemoryStation(link::right);
    }

    private static LinkDescription link(String name, MacAddress mac) {
        return new LinkDescription(name, 0, mac, 1500, List.of(), FAST);
    }

    @AfterEach
    void close() {
        node.close();
        outer.close();
        inner.close();
    }

    @Test
    void forwarderRoutes() {
        Forwarder.forward(node.root(), "if0", "if1", NEXT_HOP, 1000);

        outer.send(udp("10.2.0.1", 53));

        byte[] frame = await(inner);
        assertThat(frame).startsWith(PEER.toBytes()).hasSize(60);
        assertThat(frame[TTL]).isEqualTo((byte) 63);
        assertThat(checksum(frame)).isEqualTo(0xffff);
    }

    @Test
    void tenantsGetWhatIsTheirs() {
        Domain echo = Tenants.echo(node, "if0", "10.0.0.9:7", NEXT_HOP, 100);
        Domain transit = Tenants.transit(node, "if0", "if1", NEXT_HOP, 1000);

        // What comes before the echo's entry point has opened its channels is lost, as datagrams are: ask again.
        assertThat(answer(() -> outer.send(udp("10.0.0.9", 7)), outer)).hasSizeGreaterThan(42);

        outer.send(udp("10.2.0.1", 80));
        assertThat(await(inner)).hasSize(60);
        echo.destroy();
        assertThat(transit.state()).isEqualTo(DomainState.RUNNING);
    }

    @Test
    void clickPassesOnlyWhatItsFilterAllows() throws Exception {
        try (ClickChannel channel = ClickNode.open(node, node.root(), "if0", "if1", NEXT_HOP, 1000)) {
            outer.send(udp("10.2.0.1", 80));
            outer.send(udp("10.2.0.1", 53));

            assertThat(ByteBuffer.wrap(await(inner)).getShort(36)).isEqualTo((short) 53);
            assertThat(channel.read("passed.count")).isEqualTo("1");
        }
    }

    private static byte[] await(MemoryStation station) {
        byte[][] frame = new byte[1][];
        await(() -> (frame[0] = orEmpty(station.receive())).length > 0);
        return Objects.requireNonNull(frame[0]);
    }

    private static byte[] answer(Runnable question, MemoryStation station) {
        byte[][] frame = new byte[1][];
        await(() -> {
            question.run();
            LockSupport.parkNanos(1_000_000);
            return (frame[0] = orEmpty(station.receive())).length > 0;
        });
        return Objects.requireNonNull(frame[0]);
    }

    private static byte[] orEmpty(byte @Nullable [] frame) {
        return frame == null ? new byte[0] : frame;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("nothing came within ten seconds").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static byte[] udp(String destination, int port) {
        ByteBuffer frame = ByteBuffer.allocate(60);
        frame.put(NODE.toBytes()).put(PEER.toBytes()).putShort((short) 0x0800);
        frame.putShort((short) 0x4500).putShort((short) 46).putInt(0);
        frame.put((byte) 64).put((byte) 17).putShort((short) 0);
        frame.put(new byte[] {10, 1, 0, 1});
        for (String part : destination.split("\\.")) {
            frame.put((byte) Integer.parseInt(part));
        }
        frame.putShort((short) 4000).putShort((short) port).putShort((short) 26);
        frame.putShort(24, (short) ~checksum(frame.array()));
        return frame.array();
    }

    /** Adds up the IP header; a right one gives 0xffff. */
    private static int checksum(byte[] frame) {
        int sum = 0;
        for (int at = 14; at < 34; at += 2) {
            sum += (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
        }
        return (sum & 0xffff) + (sum >>> 16);
    }
}

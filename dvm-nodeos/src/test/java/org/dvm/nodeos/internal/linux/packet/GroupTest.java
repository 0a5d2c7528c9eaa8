package org.dvm.nodeos.internal.linux.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dvm.nodeos.internal.linux.LinkEnd;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drivers of one interface that divide what arrives among themselves. */
@Timeout(60)
class GroupTest {
    private static final int FLOWS = 200;
    private static final int FIRST_PORT = 4711;
    private static final int DESTINATION_PORT = 36;
    private static final int QUIET_WAITS = 5; // of 20 ms
    private static final int PATIENT_WAITS = 500;

    private final RingProvider provider = new RingProvider();
    private final FrameMemory memory = FrameMemory.allocate(4096, 2048);
    private NetworkNamespace left;
    private NetworkNamespace right;
    private Cable cable;

    @BeforeEach
    void layCable() {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "no network laboratory here: " + obstacle);
        left = NetworkNamespace.create("left");
        right = NetworkNamespace.create("right");
        cable = Cable.lay(left, "left0", right, "right0");
    }

    @AfterEach
    void removeCable() {
        if (left != null) {
            left.close();
            right.close();
        }
    }

    @Test
    void everyFlowGoesToOneOfItsDrivers() {
        assertDivides(() -> provider.openGroup(cable.right(), memory, 2));
    }

    /** The number that the kernel gives to the first group after it has started, and to every 65,536th. */
    @Test
    void aGroupMayHaveTheNumberZero() {
        assertDivides(() -> {
            RingDriver first = RingDriver.open(cable.right(), memory);
            RingDriver second = RingDriver.open(cable.right(), memory);
            first.joinFanout(0);
            second.joinFanout(0);
            return List.of(first, second);
        });
    }

    private void assertDivides(Callable<List<? extends LinkDriver>> opening) {
        try (LinkEnd sender = new LinkEnd(left.call(() -> provider.open(cable.left(), memory)), memory)) {
            List<LinkEnd> group = right.call(opening::call).stream()
                    .map(driver -> new LinkEnd(driver, memory))
                    .toList();
            try {
                for (int flow = 0; flow < FLOWS; flow++) {
                    sender.send(UdpFrames.make(
                            cable.right().mac(), cable.left().mac(), 0x0a000001, 0x0a000102, FIRST_PORT + flow, 60));
                }
                List<byte[]> first = new ArrayList<>();
                List<byte[]> second = new ArrayList<>();
                int quiet = 0;
                for (int wait = 0; wait < PATIENT_WAITS && quiet < QUIET_WAITS; wait++) {
                    int count = group.get(0).receive(first::add) + group.get(1).receive(second::add);
                    boolean some = first.size() + second.size() >= FLOWS;
                    quiet = count == 0 && some ? quiet + 1 : 0;
                    if (count == 0) {
                        group.get(0).driver().awaitReceive(TimeUnit.MILLISECONDS.toNanos(20));
                    }
                }
                assertThat(first).isNotEmpty();
                assertThat(second).isNotEmpty();
                assertThat(Stream.of(first, second).flatMap(List::stream).map(GroupTest::flow))
                        .containsExactlyInAnyOrderElementsOf(
                                IntStream.range(0, FLOWS).boxed().toList());
            } finally {
                group.forEach(LinkEnd::close);
            }
        }
    }

    private static int flow(byte[] frame) {
        return ByteBuffer.wrap(frame).getShort(DESTINATION_PORT) - FIRST_PORT;
    }
}

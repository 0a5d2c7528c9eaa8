package org.dvm.nodeos.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dvm.nodeos.Authority;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainSpec;
import org.dvm.nodeos.DropReason;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.ResourceSpec;
import org.dvm.nodeos.click.ClickChannel;
import org.dvm.nodeos.click.ClickChannelSpec;
import org.dvm.nodeos.click.ClickConfiguration;
import org.dvm.nodeos.internal.linux.packet.MessageProvider;
import org.dvm.nodeos.internal.linux.packet.RingProvider;
import org.dvm.nodeos.internal.linux.xdp.XdpProvider;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.dvm.nodeos.link.MacAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Numbered, checksummed frames of all sizes, as fast as they can be sent, through a node on every back end: what a domain
 * or a Click router forwards is intact and in order, and what is lost is counted where it was lost.
 */
@Timeout(120)
class NodeIntegrityTest {
    private static final int FRAMES = 30_000;
    private static final int QUIET_WAITS = 10; // of 20 ms
    private static final long BANDWIDTH = 1000;

    /** The numbers of the frames that came through, in order. */
    private static final class Tally {
        private final List<Long> numbers = new ArrayList<>();

        void add(byte[] frame) {
            numbers.add(NumberedFrames.check(frame));
        }
    }

    /** Forwards from eth0 to eth1. */
    @FunctionalInterface
    private interface Way {
        Losses open(Node node, MacAddress nextHop) throws Exception;
    }

    /** Packets that got lost inside a way. */
    @FunctionalInterface
    private interface Losses {
        long count();
    }

    static Stream<Arguments> ways() {
        return Stream.of(new XdpProvider(), new RingProvider(), new MessageProvider())
                .flatMap(provider -> Stream.of(
                        Arguments.argumentSet(
                                provider.backEnd() + ", domain", provider, (Way) NodeIntegrityTest::domain),
                        Arguments.argumentSet(
                                provider.backEnd() + ", Click", provider, (Way) NodeIntegrityTest::click)));
    }

    private static Losses domain(Node node, MacAddress nextHop) {
        Domain domain =
                node.root().create(DomainSpec.of("forwarder", new ResourceSpec(4000, 0, BANDWIDTH, 0), Authority.FULL));
        InputChannel in = domain.openInput(InputSpec.of("eth0/eth", "type=0800"));
        OutputChannel out = domain.openOutput(OutputSpec.of("eth1/eth", "mac=" + nextHop, BANDWIDTH));
        domain.mainThreads().serve(in, (packets, count) -> out.send(packets, 0, count));
        return () -> sum(domain.statistics().drops());
    }

    private static Losses click(Node node, MacAddress nextHop) throws Exception {
        ClickConfiguration configuration = ClickConfiguration.parse("ip-router.click", ipRouter());
        ClickChannel channel =
                ClickChannel.open(node.root(), node.links(), ClickChannelSpec.of(configuration, BANDWIDTH));
        channel.write("arpq1.insert", "10.0.1.2 " + nextHop.toString().replace(':', '-'));
        return () -> sum(node.root().statistics().drops()) + Long.parseLong(channel.read("queue1.drops"));
    }

    private static String ipRouter() throws IOException {
        try (InputStream in = NodeIntegrityTest.class.getResourceAsStream("/org/dvm/nodeos/click/ip-router.click")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long sum(Map<DropReason, Long> drops) {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyFrameIsForwardedIntactOrCountedAsLost(LinkDriverProvider provider, Way way) throws Exception {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "no network laboratory here: " + obstacle);
        LinkDriverProvider ring = new RingProvider();
        FrameMemory ends = FrameMemory.allocate(4096, 2048);
        try (NetworkNamespace source = NetworkNamespace.create("source");
                NetworkNamespace here = NetworkNamespace.create("node");
                NetworkNamespace there = NetworkNamespace.create("sink")) {
            Cable before = Cable.lay(source, "src0", here, "eth0");
            Cable after = Cable.lay(here, "eth1", there, "snk0");
            LinkDriverProvider.Availability availability = here.call(() -> provider.availability(before.right()));
            assumeTrue(availability.usable(), provider.backEnd() + ": " + availability.reason());
            try (LinkEnd sender = new LinkEnd(source.call(() -> ring.open(before.left(), ends)), ends);
                    LinkEnd receiver = new LinkEnd(there.call(() -> ring.open(after.right(), ends)), ends);
                    Node node = Node.builder().frames(8192).build()) {
                here.run(() -> {
                    node.attach(memory -> provider.open(before.right(), memory));
                    node.attach(memory -> provider.open(after.left(), memory));
                });
                Losses losses = way.open(node, after.right().mac());
                NumberedFrames frames = new NumberedFrames(
                        7, before.right().mac(), before.left().mac());
                Tally forwarded = new Tally();
                for (int i = 0; i < FRAMES; i++) {
                    sender.send(frames.next());
                    receiver.receive(forwarded::add);
                }
                receiveRest(receiver, forwarded);

                assertThat(forwarded.numbers).isNotEmpty();
                assertThat(LongStream.range(1, forwarded.numbers.size())
                                .filter(i -> forwarded.numbers.get((int) i) <= forwarded.numbers.get((int) i - 1)))
                        .as("frames that came behind a later one")
                        .isEmpty();
                assertThat(forwarded.numbers.size() + losses.count() + beneath(node, sender, receiver))
                        .isEqualTo(FRAMES);
            }
        }
    }

    private static void receiveRest(LinkEnd receiver, Tally forwarded) {
        for (int quiet = 0; quiet < QUIET_WAITS; quiet++) {
            if (receiver.receive(forwarded::add) > 0) {
                quiet = 0;
            } else {
                receiver.driver().awaitReceive(20_000_000);
            }
        }
    }

    /** Returns how many frames the drivers and the cables lost. */
    private static long beneath(Node node, LinkEnd sender, LinkEnd receiver) {
        return sender.driver().counters().transmitDrops()
                + node.statistics("eth0").driver().receiveDrops()
                + node.statistics("eth1").driver().transmitDrops()
                + receiver.driver().counters().receiveDrops();
    }
}

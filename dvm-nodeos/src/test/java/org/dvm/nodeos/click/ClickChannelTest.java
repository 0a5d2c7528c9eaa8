package org.dvm.nodeos.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.Authority;
import org.dvm.nodeos.AuthorityException;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainSpec;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.ResourceSpec;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.MacAddress;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.NodeClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClickChannelTest {
    private static final long FAST = 1_000_000;
    private static final int PATIENCE_ROUNDS = 10_000;

    private final Node node = Node.builder().frames(4096).build();
    private final MemoryStation left = attach("if0", 1);
    private final MemoryStation right = attach("if1", 2);

    private static LinkDescription link(String name, int number) {
        return new LinkDescription(name, number, MacAddress.parse("02:00:00:00:00:0" + number), 1500, List.of(), FAST);
    }

    private MemoryStation attach(String name, int number) {
        MemoryLink link = new MemoryLink(link(name, number), link("station", number + 4), NodeClock.SYSTEM, 0);
        node.attach(link::left);
        return new MemoryStation(link::right);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private ClickChannel open(Domain domain, String configuration) throws ClickException {
        return ClickChannel.open(
                domain, node.links(), ClickChannelSpec.of(ClickConfiguration.parse("test", configuration), 1000));
    }

    private static List<byte[]> receive(MemoryStation station, int count) throws InterruptedException {
        List<byte[]> frames = new ArrayList<>();
        for (int round = 0; round < PATIENCE_ROUNDS && frames.size() < count; round++) {
            byte[] frame = station.receive();
            if (frame == null) {
                Thread.sleep(1);
            } else {
                frames.add(frame);
            }
        }
        return frames;
    }

    private static byte[] frame(int number) {
        byte[] frame = new byte[60];
        frame[0] = 2;
        frame[20] = (byte) number;
        return frame;
    }

    @Test
    void framesTakeTheirWayThroughTheRouter() throws Exception {
        try (ClickChannel channel = open(
                node.root(),
                "FromDevice(if0) -> c :: Counter -> Queue(100) -> ToDevice(if1);"
                        + "FromDevice(if1) -> EtherMirror -> Queue -> ToDevice(if0)")) {
            for (int i = 0; i < 100; i++) {
                left.send(frame(i));
            }
            List<byte[]> frames = receive(right, 100);
            assertThat(frames).hasSize(100);
            for (int i = 0; i < 100; i++) {
                assertThat(frames.get(i)).isEqualTo(frame(i));
            }
            assertThat(channel.read("c.count")).isEqualTo("100");
            assertThat(channel.readHandlers()).contains("c.count", "c.byte_count");
            channel.write("c.reset", "");
            assertThat(channel.read("c.count")).isEqualTo("0");
            assertThatThrownBy(() -> channel.read("c.nothing")).hasMessageContaining("no such read handler");
        }
        assertThat(node.root().statistics().toString()).isNotEmpty();
    }

    @Test
    void aWrongConfigurationLeavesNothingOpen() {
        for (int i = 0; i < 50; i++) { // each try takes 1536 of 4096 frames: a leak shows at once
            assertThatThrownBy(() -> open(
                            node.root(),
                            "FromDevice(if0) -> Queue -> Queue -> ToDevice(if1); FromDevice(if1) -> Discard"))
                    .isInstanceOf(ClickException.class)
                    .hasMessageContaining("pull output 0");
        }
    }

    @Test
    void closedChannelsAnswerNoQuestions() throws Exception {
        ClickChannel channel = open(node.root(), "FromDevice(if0) -> Discard");
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> channel.read("Discard@2.count")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void destroyingTheDomainEndsItsRouterAndFreesEverything() throws Exception {
        for (int i = 0; i < 20; i++) {
            Domain domain = node.root()
                    .create(new DomainSpec("tenant", node.root().available(), Authority.FULL, DomainSpec.Pooling.OWN));
            ClickChannel channel = open(domain, "FromDevice(if0) -> Queue -> ToDevice(if1)");
            left.send(frame(i));
            domain.destroy();
            for (int round = 0; round < PATIENCE_ROUNDS && channel.isOpen(); round++) {
                Thread.sleep(1);
            }
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void aDomainWithoutAuthorityCantSeeWholeFrames() {
        ResourceSpec some = node.root().available();
        Domain tenant = node.root()
                .create(new DomainSpec("tenant", some, Authority.over("10.0.0.1:80"), DomainSpec.Pooling.OWN));
        assertThatThrownBy(() -> open(tenant, "FromDevice(if0) -> Discard")).isInstanceOf(AuthorityException.class);
    }
}

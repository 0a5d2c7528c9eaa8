package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkException;
import org.dvm.nodeos.link.SocketLink;
import org.junit.jupiter.api.Test;

/** The portable back end between a node and an ordinary UDP socket on the loopback interface. */
class SocketLinkTest {
    private static final InetAddress LOOPBACK = loopback();

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void answersAnOrdinarySocketThroughTheSameChannels() throws Exception {
        AtomicReference<SocketLink> opened = new AtomicReference<>();
        try (Node node = Node.builder().frames(1024).build();
                DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            peer.setSoTimeout(20_000);
            node.attach(memory -> {
                opened.set(SocketLink.open("net0", List.of(new InetSocketAddress(LOOPBACK, 0)), 100_000, memory));
                return opened.get();
            });
            int port = Objects.requireNonNull(opened.get()).ports().get(0);
            String here = "127.0.0.1:" + port;
            CountDownLatch ready = new CountDownLatch(1);
            Domain echo = node.root()
                    .create(DomainSpec.of("echo", new ResourceSpec(1000, 0, 1000, 0), Authority.over(here)), self -> {
                        InputChannel in = self.openInput(InputSpec.of("net0/eth/ip/udp", "local=" + here)
                                .withKey(DemuxKey.of(0, new byte[] {'h'})));
                        OutputChannel out = self.openOutput(OutputSpec.of(
                                "net0/eth/ip/udp", "local=" + here + ",remote=127.0.0.1:" + peer.getLocalPort(), 1000));
                        self.mainThreads().serve(in, (packets, count) -> out.send(packets, 0, count));
                        ready.countDown();
                    });
            assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
            InetSocketAddress to = new InetSocketAddress(LOOPBACK, port);
            for (String text : List.of("xello", "hello", "h", "hallo")) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                peer.send(new DatagramPacket(bytes, bytes.length, to));
            }

            for (String expected : List.of("hello", "h", "hallo")) {
                DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
                peer.receive(answer);
                assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
                        .isEqualTo(expected);
                assertThat(answer.getPort()).isEqualTo(port);
            }
            assertThat(echo.statistics().packetsIn()).isEqualTo(3);
            assertThat(node.statistics("net0").drops()).containsEntry(DropReason.NO_CHANNEL, 1L);
            assertThat(node.statistics("net0").backEnd()).isEqualTo("sockets");
        }
    }

    @Test
    void countsWhatIsTooLongAndWhatItCannotSend() throws Exception {
        try (Node node = Node.builder().frames(1024).manual().build();
                DatagramSocket peer = new DatagramSocket(0, LOOPBACK)) {
            AtomicReference<SocketLink> opened = new AtomicReference<>();
            node.attach(memory -> {
                opened.set(SocketLink.open("net0", List.of(new InetSocketAddress(LOOPBACK, 0)), 100_000, memory));
                return opened.get();
            });
            SocketLink link = Objects.requireNonNull(opened.get());
            peer.send(new DatagramPacket(
                    new byte[1473],
                    1473,
                    new InetSocketAddress(LOOPBACK, link.ports().get(0))));
            OutputChannel raw = node.root().openOutput(OutputSpec.of("net0", "*", 1));
            PacketBuffer frame =
                    Objects.requireNonNull(node.root().allotBuffers(1).take());
            frame.put(60);
            raw.send(frame);

            link.awaitReceive(TimeUnit.SECONDS.toNanos(20));
            node.poll();

            assertThat(link.counters().receiveDrops()).isEqualTo(1);
            assertThat(link.counters().transmitDrops()).isEqualTo(1);
        }
    }

    @Test
    void refusesAddressesThatSayNothing() {
        FrameMemory memory = FrameMemory.allocate(1, 2048);

        assertThatThrownBy(() -> SocketLink.open("net0", List.of(new InetSocketAddress(0)), 1, memory))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("wildcard");
    }
}

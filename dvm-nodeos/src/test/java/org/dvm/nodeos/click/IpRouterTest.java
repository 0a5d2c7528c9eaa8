package org.dvm.nodeos.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dvm.nodeos.click.RouterHarness.bytes;
import static org.dvm.nodeos.click.RouterHarness.hex;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The IP router of the Click paper, figure 8, with two interfaces, as a user would write it. */
class IpRouterTest {
    private static final String HOST_A_ETHER = "0a0000000001";
    private static final String HOST_B_ETHER = "0b0000000001";
    private static final String ETH0 = "020000000001";
    private static final String ETH1 = "020000000002";

    private final String configuration = read("ip-router.click");
    private RouterHarness router = new RouterHarness("Idle -> Discard");

    IpRouterTest() throws ClickException {}

    private static String read(String name) {
        try (var in = java.util.Objects.requireNonNull(IpRouterTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void open() throws ClickException {
        router = new RouterHarness(configuration);
    }

    /** Returns an Ethernet frame with a UDP datagram from 10.0.0.2 to 10.0.1.2. */
    private static String datagram(int ttl, int payloadBytes, int fragmentWord) {
        int total = 28 + payloadBytes;
        ByteBuffer ip = ByteBuffer.allocate(total);
        ip.put(0, (byte) 0x45)
                .putShort(2, (short) total)
                .putShort(4, (short) 77)
                .putShort(6, (short) fragmentWord);
        ip.put(8, (byte) ttl).put(9, (byte) 17).putInt(12, 0x0a000002).putInt(16, 0x0a000102);
        ip.putShort(20, (short) 1000).putShort(22, (short) 2000).putShort(24, (short) (8 + payloadBytes));
        for (int i = 0; i < payloadBytes; i++) {
            ip.put(28 + i, (byte) i);
        }
        ip.putShort(10, (short) checksum(ip, 0, 20));
        return ETH0 + HOST_A_ETHER + "0800" + hex(ip.array());
    }

    private static int checksum(ByteBuffer buffer, int offset, int count) {
        int sum = 0;
        for (int i = 0; i < count; i += 2) {
            sum += buffer.getShort(offset + i) & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private void teachHostB() {
        router.router.write("arpq1.insert", "10.0.1.2 0B-00-00-00-00-01");
    }

    private List<byte[]> sent0() {
        return router.eth0().sent;
    }

    private List<byte[]> sent1() {
        return router.eth1().sent;
    }

    @Test
    void answersArpForItsOwnAddress() {
        router.eth0()
                .arrive("ffffffffffff" + HOST_A_ETHER + "0806" + "0001080006040001" + HOST_A_ETHER + "0a000002"
                        + "000000000000" + "0a000001");
        router.settle();
        assertThat(hex(sent0().get(0)))
                .isEqualTo(HOST_A_ETHER + ETH0 + "0806" + "0001080006040002" + ETH0 + "0a000001" + HOST_A_ETHER
                        + "0a000002");
        router.close();
    }

    @Test
    void asksForTheNextHopAndThenSendsThePacketThatWaited() {
        router.eth0().arrive(datagram(64, 10, 0));
        router.settle();
        assertThat(hex(sent1().get(0)))
                .isEqualTo("ffffffffffff" + ETH1 + "0806" + "0001080006040001" + ETH1 + "0a000101" + "000000000000"
                        + "0a000102");

        router.eth1()
                .arrive(ETH1 + HOST_B_ETHER + "0806" + "0001080006040002" + HOST_B_ETHER + "0a000102" + ETH1
                        + "0a000101");
        router.settle();

        String forwarded = hex(sent1().get(1));
        String expected = datagram(63, 10, 0);
        assertThat(forwarded).isEqualTo(HOST_B_ETHER + ETH1 + expected.substring(24));
        router.close();
    }

    @Test
    void ignoresArpRepliesThatItDidntAskFor() {
        router.eth1()
                .arrive(ETH1 + HOST_B_ETHER + "0806" + "0001080006040002" + HOST_B_ETHER + "0a000102" + ETH1
                        + "0a000101");
        router.settle();
        assertThat(router.read("arpq1.table")).isEmpty();
        router.close();
    }

    @Test
    void answersExpiredPacketsWithTimeExceeded() {
        router.router.write("arpq0.insert", "10.0.0.2 0A-00-00-00-00-01");
        router.eth0().arrive(datagram(1, 10, 0));
        router.settle();

        ByteBuffer reply = ByteBuffer.wrap(sent0().get(0));
        assertThat(reply.get(14 + 9)).isEqualTo((byte) 1);
        assertThat(reply.getInt(14 + 12)).isEqualTo(0x0a000001);
        assertThat(reply.getInt(14 + 16)).isEqualTo(0x0a000002);
        assertThat(reply.getShort(14 + 20)).isEqualTo((short) 0x0b00);
        assertThat(checksum(reply, 14, 20)).isZero();
        assertThat(checksum(reply, 34, reply.capacity() - 34)).isZero();
        assertThat(hex(sent0().get(0))).endsWith(datagram(1, 10, 0).substring(28));
        router.close();
    }

    @Test
    void answersTooLargePacketsThatForbidFragmentsWithNeedFragment() {
        router.router.write("arpq0.insert", "10.0.0.2 0A-00-00-00-00-01");
        router.eth0().arrive(datagram(64, 1600, 0x4000));
        router.settle();
        ByteBuffer reply = ByteBuffer.wrap(sent0().get(0));
        assertThat(reply.getShort(34)).isEqualTo((short) 0x0304);
        assertThat(reply.getShort(40)).isEqualTo((short) 1500);
        router.close();
    }

    @Test
    void fragmentsThatAreReassembledAreTheSameDatagram() throws ClickException {
        teachHostB();
        router.eth0().arrive(datagram(64, 1600, 0));
        router.eth0().arrive(datagram(64, 3000, 0));
        router.settle();
        assertThat(sent1()).hasSize(2 + 3);
        assertThat(sent1()).allMatch(frame -> frame.length <= 1514);

        try (RouterHarness end = new RouterHarness(
                "FromDevice(eth0) -> Strip(14) -> CheckIPHeader -> IPReassembler -> CheckIPHeader -> Queue"
                        + " -> ToDevice(eth1)")) {
            end.eth0().arriving.addAll(sent1().subList(0, 2));
            end.settle();
            end.eth0().arriving.addAll(sent1().subList(2, 5));
            end.settle();
            assertThat(end.eth1().sent)
                    .extracting(RouterHarness::hex)
                    .containsExactly(
                            datagram(63, 1600, 0).substring(28),
                            datagram(63, 3000, 0).substring(28));
        }
        router.close();
    }

    @Test
    void reassemblesFragmentsInAnyOrderAndDropsOverlaps() throws ClickException {
        Random random = new Random(3);
        for (int run = 0; run < 200; run++) {
            int payload = 1 + random.nextInt(3000);
            int mtu = 68 + random.nextInt(1400);
            try (RouterHarness source = new RouterHarness("FromDevice(eth0) -> Strip(14) -> CheckIPHeader"
                            + " -> IPFragmenter(" + mtu + ") -> Queue -> ToDevice(eth1)");
                    RouterHarness end = new RouterHarness("FromDevice(eth0) -> CheckIPHeader -> r :: IPReassembler"
                            + " -> Queue -> ToDevice(eth1)")) {
                source.eth0().arrive(datagram(64, payload, 0));
                source.settle();
                List<byte[]> fragments = new java.util.ArrayList<>(source.eth1().sent);
                java.util.Collections.shuffle(fragments, random);
                end.eth0().arriving.addAll(fragments);
                end.settle();
                assertThat(end.eth1().sent)
                        .extracting(RouterHarness::hex)
                        .containsExactly(datagram(64, payload, 0).substring(28));
                assertThat(end.read("r.pending")).isEqualTo("0");
            }
        }
    }

    @Test
    void dropsIncompleteDatagramsAfterThirtySeconds() throws ClickException {
        teachHostB();
        router.eth0().arrive(datagram(64, 1600, 0));
        router.settle();
        try (RouterHarness end =
                new RouterHarness("FromDevice(eth0) -> Strip(14) -> CheckIPHeader -> r :: IPReassembler -> Discard")) {
            end.eth0().arriving.add(sent1().get(0));
            end.settle();
            assertThat(end.read("r.pending")).isEqualTo("1");
            end.pass(32_000_000_000L, 500_000_000L);
            assertThat(end.read("r.pending")).isEqualTo("0");
            assertThat(end.read("r.drops")).isEqualTo("1");
        }
        router.close();
    }

    @Test
    void answersPingsToItself() {
        router.router.write("arpq0.insert", "10.0.0.2 0A-00-00-00-00-01");
        ByteBuffer ip = ByteBuffer.allocate(28);
        ip.put(0, (byte) 0x45).putShort(2, (short) 28).put(8, (byte) 64).put(9, (byte) 1);
        ip.putInt(12, 0x0a000002).putInt(16, 0x0a000001).put(20, (byte) 8);
        ip.putShort(10, (short) checksum(ip, 0, 20)).putShort(22, (short) checksum(ip, 20, 8));
        router.eth0().arrive(ETH0 + HOST_A_ETHER + "0800" + hex(ip.array()));
        router.settle();
        ByteBuffer reply = ByteBuffer.wrap(sent0().get(0));
        assertThat(reply.get(34)).isZero();
        assertThat(checksum(reply, 34, 8)).isZero();
        assertThat(checksum(reply, 14, 20)).isZero();
        assertThat(reply.getInt(14 + 16)).isEqualTo(0x0a000002);
        router.close();
    }

    @Test
    void survivesMutatedPacketsWithoutLosingABuffer() {
        teachHostB();
        Random random = new Random(11);
        byte[] good = bytes(datagram(64, 40, 0));
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = random.nextInt(4) == 0
                    ? java.util.Arrays.copyOf(good, random.nextInt(good.length + 1))
                    : good.clone();
            for (int n = random.nextInt(6); n > 0 && packet.length > 0; n--) {
                packet[random.nextInt(Math.min(packet.length, 60))] = (byte) random.nextInt();
            }
            if (packet.length >= 34 && random.nextBoolean()) {
                ByteBuffer ip = ByteBuffer.wrap(packet);
                int headerBytes = Math.min((packet[14] & 15) << 2, packet.length - 14 & ~1);
                ip.putShort(24, (short) 0).putShort(24, (short) checksum(ip, 14, headerBytes));
            }
            router.eth0().arriving.add(packet);
            router.settle();
        }
        assertThat(sent1()).isNotEmpty();
        router.close();
    }

    @Test
    void forwardsWithoutAllocating() {
        teachHostB();
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        byte[] packet = bytes(datagram(64, 18, 0));
        router.eth1().discard = true;
        long bytes = 0;
        int packets = 20_000;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < packets; i++) {
                router.eth0().repeat = packet;
                router.router.runOnce();
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(bytes / (double) packets).as("bytes per packet").isLessThan(0.1);
        router.close();
    }
}

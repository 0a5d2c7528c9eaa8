package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.dvm.nodeos.link.FrameMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Demultiplexing and header parsing against a model written from the protocols' definitions, one packet at a time. */
class DemuxTest {
    private static final String[] HOSTS = {"10.0.0.1", "10.0.0.2", "10.0.1.1", "192.168.7.9"};

    private final FrameMemory memory = FrameMemory.allocate(1, 2048);

    /** What one channel would be opened with. */
    private record Wanted(ProtocolSpec protocols, AddressSpec addresses, DemuxKey key) {
        DemuxRule rule() {
            return DemuxRule.of(protocols, addresses, key);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void findsTheMostSpecificChannelLikeThePlainModel(long seed) {
        Random random = new Random(seed);
        for (int set = 0; set < 40; set++) {
            List<Wanted> wanted = new ArrayList<>();
            List<DemuxTable.Entry<Wanted>> entries = new ArrayList<>();
            for (int i = random.nextInt(25); i >= 0; i--) {
                Wanted one = randomWanted(random);
                wanted.add(one);
                entries.add(new DemuxTable.Entry<>(one.rule(), one));
            }
            DemuxTable<Wanted> table = new DemuxTable<>(entries);
            for (int packet = 0; packet < 100; packet++) {
                byte[] frame = randomFrame(random);
                Wanted found = table.find(memory.bytes(), parse(frame));
                List<Wanted> matching =
                        wanted.stream().filter(one -> matches(one, frame)).toList();
                if (matching.isEmpty()) {
                    assertThat(found).isNull();
                } else {
                    int bits = matching.stream()
                            .mapToInt(one -> one.rule().bits())
                            .max()
                            .orElseThrow();
                    assertThat(matching).contains(found);
                    assertThat(Objects.requireNonNull(found).rule().bits()).isEqualTo(bits);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void rulesThatImplyOrExcludeEachOtherDoSoOnEveryPacket(long seed) {
        Random random = new Random(seed);
        int related = 0;
        for (int round = 0; round < 1_000; round++) {
            Wanted a = randomWanted(random);
            Wanted b = random.nextInt(3) == 0 ? a : randomWanted(random);
            boolean implies = a.rule().implies(b.rule());
            boolean overlaps = a.rule().overlaps(b.rule());
            related += implies || !overlaps ? 1 : 0;
            assertThat(overlaps).isEqualTo(b.rule().overlaps(a.rule()));
            for (int packet = 0; packet < 20; packet++) {
                byte[] frame = randomFrame(random);
                boolean inA = matches(a, frame);
                boolean inB = matches(b, frame);
                assertThat(inA && inB && !overlaps).isFalse();
                assertThat(inA && implies && !inB).isFalse();
            }
        }
        assertThat(related).isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34})
    void neverReadsOutsideOfAFrameWhateverItsHeadersSay(long seed) {
        Random random = new Random(seed);
        FrameMemory small = FrameMemory.allocate(1, 2048);
        for (int round = 0; round < 30_000; round++) {
            byte[] frame = randomFrame(random);
            int length = random.nextInt(frame.length + 1);
            int offset = 2048 - length; // what lies behind the frame lies behind the memory
            small.bytes().put(offset, frame, 0, length);
            Headers headers = new Headers();
            headers.parse(small.bytes(), offset, length, 0, Headers.TRANSPORT);
            assertThat(headers.end).isBetween(offset, 2048);
            if (headers.level >= Headers.IP) {
                assertThat(headers.transport).isBetween(offset + 34, headers.end);
            }
            if (headers.level == Headers.TRANSPORT) {
                assertThat(headers.payload).isBetween(headers.transport + 8, headers.end);
            }
        }
    }

    @Test
    void keysCountFromTheFirstByteDelivered() {
        byte[] hash = Packets.payload(16, 50);
        byte[] other = Packets.payload(16, 51);
        Wanted wanted =
                new Wanted(ProtocolSpec.parse("if0/eth/ip/udp"), AddressSpec.parse("10.0.0.1:9"), DemuxKey.of(0, hash));
        DemuxTable<Wanted> table = new DemuxTable<>(List.of(new DemuxTable.Entry<>(wanted.rule(), wanted)));

        assertThat(table.find(memory.bytes(), parse(Packets.udp("10.0.0.2", 7, "10.0.0.1", 9, hash))))
                .isSameAs(wanted);
        assertThat(table.find(memory.bytes(), parse(Packets.udp("10.0.0.2", 7, "10.0.0.1", 9, other))))
                .isNull();
        assertThat(table.find(
                        memory.bytes(), parse(Packets.udp("10.0.0.2", 7, "10.0.0.1", 9, Arrays.copyOf(hash, 15)))))
                .isNull();
    }

    @Test
    void manyChannelsOfOneShapeAreFoundEach() {
        List<DemuxTable.Entry<Integer>> entries = new ArrayList<>();
        for (int port = 1; port <= 5000; port++) {
            entries.add(new DemuxTable.Entry<>(
                    DemuxRule.of(
                            ProtocolSpec.parse("if0/eth/ip/udp"), AddressSpec.parse("10.0.0.1:" + port), DemuxKey.ALL),
                    port));
        }
        DemuxTable<Integer> table = new DemuxTable<>(entries);
        for (int port = 1; port <= 5000; port++) {
            assertThat(table.find(memory.bytes(), parse(Packets.udp("10.0.0.2", 7, "10.0.0.1", port, new byte[1]))))
                    .isEqualTo(port);
        }
        assertThat(table.find(memory.bytes(), parse(Packets.udp("10.0.0.2", 7, "10.0.0.1", 5001, new byte[1]))))
                .isNull();
    }

    @Test
    void refusesSpecificationsThatMakeNoSense() {
        assertThatThrownBy(() -> ProtocolSpec.parse("if0/ip")).hasMessageContaining("if0/ip");
        assertThatThrownBy(() -> ProtocolSpec.parse("/eth")).isInstanceOf(SpecificationException.class);
        assertThatThrownBy(() -> AddressSpec.parse("local=10.0.0.256")).hasMessageContaining("10.0.0.256");
        assertThatThrownBy(() -> AddressSpec.parse("local=10.0.0.1/24")).hasMessageContaining("10.0.0.0/24");
        assertThatThrownBy(() -> AddressSpec.parse("host=10.0.0.1")).hasMessageContaining("host");
        assertThatThrownBy(() -> AddressSpec.parse("proto=256")).hasMessageContaining("proto");
        assertThatThrownBy(() -> AddressSpec.parse("")).isInstanceOf(SpecificationException.class);
        assertThatThrownBy(() -> DemuxKey.parse("(0,2,ffff,0800)x")).hasMessageContaining("character 16");
        assertThatThrownBy(() -> DemuxKey.parse("(0,2,ff,0800)")).isInstanceOf(SpecificationException.class);
        assertThatThrownBy(() -> DemuxKey.parse("(0,1,0f,f0)")).isInstanceOf(SpecificationException.class);
        assertThatThrownBy(() ->
                        new Wanted(ProtocolSpec.parse("if0/eth"), AddressSpec.parse("10.0.0.1"), DemuxKey.ALL).rule())
                .hasMessageContaining("ip");
        assertThatThrownBy(() -> new Wanted(
                                ProtocolSpec.parse("if0/eth/ip/udp"), AddressSpec.parse("10.0.0.1:1-9"), DemuxKey.ALL)
                        .rule())
                .hasMessageContaining("one port");
        assertThatThrownBy(() -> new Wanted(
                                ProtocolSpec.parse("if0/eth"),
                                AddressSpec.ANY,
                                DemuxKey.parse("(0,1,f0,40)(0,1,ff,65)"))
                        .rule())
                .hasMessageContaining("contradicts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local=10.0.0.1:5000,remote=10.2.0.0/16:1-9",
                "local=*,remote=*,mac=02:00:00:00:00:0a,type=0806",
                "local=10.0.0.1,remote=*,proto=89"
            })
    void addressSpecificationsPrintAsTheyAreRead(String text) {
        assertThat(AddressSpec.parse(text)).hasToString(text);
        assertThat(AddressSpec.parse(AddressSpec.parse(text).toString())).isEqualTo(AddressSpec.parse(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42})
    void parsersOfSpecificationsThrowNothingButTheirException(long seed) {
        Random random = new Random(seed);
        String alphabet = "if0/ethipudtcp*:.-,=()0123456789abcdeflocalremotemac ";
        for (int round = 0; round < 15_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (java.util.function.Consumer<String> parser : List.<java.util.function.Consumer<String>>of(
                    ProtocolSpec::parse, AddressSpec::parse, DemuxKey::parse, Endpoint::parse)) {
                try {
                    parser.accept(text.toString());
                } catch (SpecificationException e) {
                    assertThat(e).hasMessageMatching("(?s).+: '.*'");
                }
            }
        }
    }

    private Headers parse(byte[] frame) {
        memory.bytes().put(256, frame);
        Headers headers = new Headers();
        headers.parse(memory.bytes(), 256, frame.length, 0, Headers.TRANSPORT);
        return headers;
    }

    private static Wanted randomWanted(Random random) {
        int kind = random.nextInt(5);
        ProtocolSpec protocols = ProtocolSpec.parse(
                new String[] {"if0", "if0/eth", "if0/eth/ip", "if0/eth/ip/udp", "if0/eth/ip/tcp"}[kind]);
        StringBuilder addresses = new StringBuilder();
        if (kind >= 2) {
            addresses.append("local=").append(randomEnd(random, kind >= 3));
            addresses.append(",remote=").append(randomEnd(random, kind >= 3));
            if (random.nextInt(4) == 0 && kind == 2) {
                addresses.append(",proto=").append(random.nextBoolean() ? 17 : 6);
            }
        }
        AddressSpec spec = AddressSpec.parse(addresses.length() == 0 ? "*" : addresses.toString());
        DemuxKey key = DemuxKey.ALL;
        for (int i = random.nextInt(3); i > 0; i--) {
            byte mask = (byte) (random.nextBoolean() ? 0xff : 1 << random.nextInt(8));
            byte value = (byte) (random.nextInt(4) & mask);
            DemuxKey next = key.and(
                    DemuxKey.of((kind >= 3 ? 0 : 40) + random.nextInt(12), 1, new byte[] {mask}, new byte[] {value}));
            key = makesNoSense(new Wanted(protocols, spec, next)) ? key : next;
        }
        return new Wanted(protocols, spec, key);
    }

    private static boolean makesNoSense(Wanted wanted) {
        try {
            wanted.rule();
            return false;
        } catch (SpecificationException e) {
            return true;
        }
    }

    private static String randomEnd(Random random, boolean ports) {
        String host = switch (random.nextInt(3)) {
            case 0 -> "*";
            case 1 -> "10.0.0.0/16";
            default -> HOSTS[random.nextInt(HOSTS.length)];
        };
        return host + (ports && random.nextBoolean() ? ":" + random.nextInt(4) : "");
    }

    /** A packet from a small world, often with a lie in one of its headers. */
    private static byte[] randomFrame(Random random) {
        byte[] payload = new byte[random.nextInt(20)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) random.nextInt(4);
        }
        byte[] frame = Packets.udp(
                HOSTS[random.nextInt(HOSTS.length)],
                random.nextInt(4),
                HOSTS[random.nextInt(HOSTS.length)],
                random.nextInt(4),
                payload);
        if (random.nextInt(3) == 0) { // TCP: its header is the UDP header and the payload behind it, as far as it goes
            frame[23] = 6;
            if (frame.length > 46) {
                frame[46] = (byte) (random.nextInt(16) << 4);
            }
        }
        if (random.nextInt(4) == 0) {
            frame[14 + random.nextInt(28)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(4) != 0) {
            ByteBuffer.wrap(frame).putShort(24, (short) 0);
            int headerBytes = Math.min((frame[14] & 0xf) * 4, frame.length - 14);
            ByteBuffer.wrap(frame).putShort(24, (short) Packets.checksum(frame, 14, headerBytes));
        }
        if (random.nextInt(6) == 0) {
            return Arrays.copyOf(frame, random.nextInt(frame.length + 30)); // cut off, or padded
        }
        return frame;
    }

    // The model.

    private static boolean matches(Wanted wanted, byte[] frame) {
        int top = wanted.protocols.top().map(Enum::ordinal).orElse(-1);
        if (top >= 0 && frame.length < 14) {
            return false;
        }
        int delivered = top < 0 ? 0 : 14;
        int end = frame.length;
        if (top >= Protocol.IP.ordinal()) {
            if (!isIp(frame)) {
                return false;
            }
            int header = (frame[14] & 0xf) * 4;
            int number = frame[23] & 0xff;
            end = 14 + word(frame, 16);
            delivered = 14 + header;
            if (!inside(wanted.addresses.local(), frame, 30)
                    || !inside(wanted.addresses.remote(), frame, 26)
                    || wanted.addresses.number().filter(n -> n != number).isPresent()) {
                return false;
            }
            if (top > Protocol.IP.ordinal()) {
                boolean udp = top == Protocol.UDP.ordinal();
                if (number != (udp ? 17 : 6)
                        || (word(frame, 20) & 0x3fff) != 0
                        || !isWhole(frame, delivered, end, udp)) {
                    return false;
                }
                if (!port(wanted.addresses.local(), word(frame, delivered + 2))
                        || !port(wanted.addresses.remote(), word(frame, delivered))) {
                    return false;
                }
                delivered += udp ? 8 : 0;
            }
        }
        for (DemuxKey.Field field : wanted.key.fields()) {
            for (int i = 0; i < field.length(); i++) {
                int at = delivered + field.offset() + i;
                if (at >= end || (frame[at] & field.mask()[i]) != field.value()[i]) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isIp(byte[] frame) {
        if (word(frame, 12) != 0x0800 || frame.length < 34 || (frame[14] & 0xf0) != 0x40) {
            return false;
        }
        int header = (frame[14] & 0xf) * 4;
        int total = word(frame, 16);
        return header >= 20
                && total >= header
                && 14 + total <= frame.length
                && Packets.checksum(frame, 14, header) == 0;
    }

    private static boolean isWhole(byte[] frame, int transport, int end, boolean udp) {
        if (udp) {
            return end - transport >= 8
                    && word(frame, transport + 4) >= 8
                    && transport + word(frame, transport + 4) <= end;
        }
        if (end - transport < 20) {
            return false;
        }
        int header = (frame[transport + 12] & 0xf0) >> 2;
        return header >= 20 && transport + header <= end;
    }

    private static boolean inside(Endpoint endpoint, byte[] frame, int at) {
        int address = word(frame, at) << 16 | word(frame, at + 2);
        return (address & endpoint.mask()) == endpoint.address();
    }

    private static boolean port(Endpoint endpoint, int port) {
        return port >= endpoint.firstPort() && port <= endpoint.lastPort();
    }

    private static int word(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }
}

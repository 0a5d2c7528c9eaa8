package org.dvm.nodeos.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementsTest {
    private static final long SECOND = 1_000_000_000L;

    private static String[] sent(String configuration, String... frames) throws ClickException {
        try (RouterHarness router = new RouterHarness(configuration)) {
            for (String frame : frames) {
                router.eth0().arrive(frame);
            }
            router.settle();
            return router.eth1().sent.stream().map(RouterHarness::hex).toArray(String[]::new);
        }
    }

    @Nested
    class Queues {
        @Test
        void dropsTheNewestWhenFull() throws ClickException {
            try (RouterHarness router =
                    new RouterHarness("FromDevice(eth0) -> q :: Queue(2) -> s :: Shaper(0) -> ToDevice(eth1)")) {
                router.eth0().arrive("01");
                router.eth0().arrive("02");
                router.eth0().arrive("03");
                router.settle();
                assertThat(router.read("q.length")).isEqualTo("2");
                assertThat(router.read("q.drops")).isEqualTo("1");
                assertThat(router.read("q.highwater_length")).isEqualTo("2");
                router.router.write("s.rate", "1000");
                router.pass(SECOND, SECOND / 1000);
                assertThat(router.eth1().sent).extracting(RouterHarness::hex).containsExactly("01", "02");
            }
        }

        @Test
        void frontDropQueueReplacesTheOldest() throws ClickException {
            try (RouterHarness router = new RouterHarness(
                    "FromDevice(eth0) -> q :: FrontDropQueue(2) -> s :: Shaper(0) -> ToDevice(eth1)")) {
                router.eth0().arrive("01");
                router.eth0().arrive("02");
                router.eth0().arrive("03");
                router.settle();
                router.router.write("s.rate", "1000");
                router.pass(SECOND, SECOND / 1000);
                assertThat(router.eth1().sent).extracting(RouterHarness::hex).containsExactly("02", "03");
                assertThat(router.read("q.drops")).isEqualTo("1");
            }
        }

        @Test
        void shrinksOnRequestAndCountsWhatIsLost() throws ClickException {
            try (RouterHarness router =
                    new RouterHarness("InfiniteSource(LIMIT 10) -> q :: Queue -> Shaper(0) -> Discard")) {
                router.settle();
                router.router.write("q.capacity", "4");
                assertThat(router.read("q.length")).isEqualTo("4");
                assertThat(router.read("q.drops")).isEqualTo("6");
                router.router.write("q.reset", "");
                assertThat(router.read("q.length")).isEqualTo("0");
            }
        }

        @Test
        void toDeviceKeepsThePacketThatFoundNoRoom() throws ClickException {
            try (RouterHarness router = new RouterHarness("FromDevice(eth0) -> Queue -> t :: ToDevice(eth1)")) {
                router.eth1().room = 1;
                router.eth0().arrive("01");
                router.eth0().arrive("02");
                router.settle();
                assertThat(router.eth1().sent).hasSize(1);
                router.eth1().room = 5;
                router.settle();
                assertThat(router.eth1().sent).hasSize(2);
                assertThat(router.read("t.count")).isEqualTo("2");
            }
        }
    }

    @Nested
    class Classification {
        @ParameterizedTest
        @CsvSource({
            "000000000806, 12/0806 -, 0",
            "000000000800, 12/0806 -, 1",
        })
        void firstMatchingPatternWins(String tail, String patterns, String output) throws ClickException {
            String[] p = patterns.split(" ");
            try (RouterHarness router = new RouterHarness("FromDevice(eth0) -> c :: Classifier(" + p[0] + ", " + p[1]
                    + ") -> d0 :: Counter -> Discard; c [1] -> d1 :: Counter -> Discard")) {
                router.eth0().arrive("0000000000000000" + tail);
                router.settle();
                assertThat(router.read("d" + output + ".count")).isEqualTo("1");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "0/01, 01, true",
            "0/01, 02, false",
            "0/0?, 0f, true",
            "0/f0%f0, ff, true",
            "0/f0%f0, 0f, false",
            "!0/01, 02, true",
            "!0/01, 01, false",
            "0/01 1/02, 0102, true",
            "0/01 1/02, 0103, false",
            "5/01, 01, false",
            "!5/01, 01, true",
            "-, 00, true",
        })
        void clausesMatchBytes(String pattern, String packet, boolean matches) throws ClickException {
            assertThat(sent("FromDevice(eth0) -> Classifier(" + pattern + ") -> Queue -> ToDevice(eth1)", packet))
                    .hasSize(matches ? 1 : 0);
        }

        @ParameterizedTest
        @CsvSource({
            "tcp, true",
            "udp, false",
            "src 10.0.0.1, true",
            "dst 10.0.0.1, false",
            "host 10.0.0.2, true",
            "10.0.0.0/8, true",
            "net 192.168.0.0/16, false",
            "src and dst net 10.0.0.0/8, true",
            "src or dst 10.0.0.2, true",
            "src port 1234, true",
            "dst port 80, true",
            "dst tcp port www, true",
            "dst udp port 80, false",
            "port > 1000, true",
            "dst port >= 81, false",
            "tcp opt syn, true",
            "tcp opt ack, false",
            "tcp opt syn && not tcp opt ack, true",
            "!tcp || dst port 80, true",
            "(udp or tcp) and (src 10.0.0.1 or src 10.0.0.9), true",
            "ip proto 6, true",
            "proto tcp, true",
            "ip ttl > 63, true",
            "ip ttl 1, false",
            "ip hl 5, true",
            "ip vers == 4, true",
            "ip tos 0, true",
            "ip len 40, true",
            "ip id 0x1234, true",
            "ip unfrag, true",
            "ip frag, false",
            "icmp type echo, false",
            "all, true",
            "none, false",
        })
        void ipFilterSpeaksTcpdump(String expression, boolean matches) throws ClickException {
            String tcp = "4500002812340000400600000a0000010a000002" + "04d2005000000000000000005002000000000000";
            assertThat(sent(
                            "FromDevice(eth0) -> MarkIPHeader -> IPFilter(allow " + expression
                                    + ", deny all) -> Queue -> ToDevice(eth1)",
                            tcp))
                    .hasSize(matches ? 1 : 0);
        }

        @Test
        void portsOfLaterFragmentsDontMatch() throws ClickException {
            String fragment = "4500002812340010400600000a0000010a000002" + "04d2005000000000000000005002000000000000";
            assertThat(sent(
                            "FromDevice(eth0) -> MarkIPHeader -> c :: IPClassifier(dst port 80, -)"
                                    + " -> Discard; c [1] -> Queue -> ToDevice(eth1)",
                            fragment))
                    .hasSize(1);
        }
    }

    @Nested
    class IpHeaders {
        private static final String HEADER = "45000014000000004001" + "66e7" + "0a0000010a000002";

        @ParameterizedTest
        @CsvSource({
            HEADER + ", 1",
            HEADER + "ffff, 1", // padding is cut
            "4500001400000000400166e80a0000010a000002, 0", // checksum
            "6500001400000000400166e70a0000010a000002, 0", // version
            "4400001400000000400166e70a0000010a000002, 0", // header length
            "4500001500000000400166e60a0000010a000002, 0", // longer than the packet
            "45000014, 0",
            "450000140000000040016ff70101ffffffffff0a, 0",
        })
        void checkIpHeaderLetsValidHeadersPass(String packet, int passed) throws ClickException {
            String[] out = sent("FromDevice(eth0) -> CheckIPHeader -> Queue -> ToDevice(eth1)", packet);
            assertThat(out).hasSize(passed);
            if (passed == 1) {
                assertThat(out[0]).isEqualTo(HEADER);
            }
        }

        @Test
        void countsWhyHeadersAreRefused() throws ClickException {
            try (RouterHarness router = new RouterHarness(
                    "FromDevice(eth0) -> c :: CheckIPHeader(10.0.0.1, DETAILS true) -> Discard; c [1] -> Discard")) {
                router.eth0().arrive(HEADER);
                router.eth0().arrive("00");
                router.settle();
                assertThat(router.read("c.drops")).isEqualTo("2");
                assertThat(router.read("c.drop_details"))
                        .contains("1\ttiny_packet")
                        .contains("1\tbad_saddr");
            }
        }

        @Test
        void decIpTtlKeepsTheChecksumRight() throws ClickException {
            String[] out = sent(
                    "FromDevice(eth0) -> CheckIPHeader -> DecIPTTL -> CheckIPHeader -> Queue -> ToDevice(eth1)",
                    HEADER);
            assertThat(out).containsExactly("4500001400000000" + "3f01" + "67e7" + "0a0000010a000002");
        }

        @Test
        void expiredPacketsLeaveUnchanged() throws ClickException {
            String expiring = "4500001400000000" + "0101" + "a5e7" + "0a0000010a000002";
            assertThat(sent(
                            "FromDevice(eth0) -> CheckIPHeader -> d :: DecIPTTL -> Discard;"
                                    + " d [1] -> Queue -> ToDevice(eth1)",
                            expiring))
                    .containsExactly(expiring);
        }

        @Test
        void stripAndUnstripMoveTheFront() throws ClickException {
            assertThat(sent(
                            "FromDevice(eth0) -> Strip(2) -> EtherEncap(0x0800, 1:1:1:1:1:1, eth0) -> Strip(14)"
                                    + " -> Unstrip(1) -> Queue -> ToDevice(eth1)",
                            "aabbcc"))
                    .containsExactly("00cc"); // the header's last byte is the low byte of the type
        }
    }

    @Nested
    class Scheduling {
        private static final String TWO_SOURCES =
                "InfiniteSource(a, LIMIT 1000) -> [0] s; InfiniteSource(b, LIMIT 1000) -> [1] s;"
                        + " s -> Shaper(1000) -> ToDevice(eth1);";

        private static long count(RouterHarness router, String hex) {
            return router.eth1().sent.stream()
                    .filter(frame -> RouterHarness.hex(frame).equals(hex))
                    .count();
        }

        @Test
        void roundRobinTakesTurns() throws ClickException {
            try (RouterHarness router = new RouterHarness("s :: RoundRobinSched;" + TWO_SOURCES)) {
                router.pass(SECOND, SECOND / 1000);
                assertThat(count(router, "61")).isCloseTo(count(router, "62"), within(1L));
            }
        }

        @Test
        void prioSchedTakesTheFirstInputFirst() throws ClickException {
            try (RouterHarness router = new RouterHarness("s :: PrioSched;" + TWO_SOURCES)) {
                router.pass(SECOND, SECOND / 1000);
                assertThat(count(router, "61")).isGreaterThan(900);
                assertThat(count(router, "62")).isZero();
            }
        }

        @Test
        void strideSchedDividesByTicketsAndLeavesNothingUnused() throws ClickException {
            try (RouterHarness router = new RouterHarness("s :: StrideSched(1, 3);" + TWO_SOURCES)) {
                router.pass(SECOND, SECOND / 1000);
                double share = (double) count(router, "62") / router.eth1().sent.size();
                assertThat(share).isCloseTo(0.75, within(0.003));
            }
            try (RouterHarness router = new RouterHarness("s :: StrideSched(1, 3, 5); Idle -> [2] s;" + TWO_SOURCES)) {
                router.pass(SECOND, SECOND / 1000);
                assertThat(router.eth1().sent).hasSizeGreaterThan(990);
            }
        }

        @ParameterizedTest
        @CsvSource({"Shaper(500), 500", "BandwidthShaper(6400), 100", "Shaper(RATE 10), 10"})
        void shapersHoldTheirRate(String shaper, int packets) throws ClickException {
            try (RouterHarness router =
                    new RouterHarness("InfiniteSource(LENGTH 64) -> " + shaper + " -> c :: Counter -> Discard")) {
                router.pass(10 * SECOND, SECOND / 5000);
                assertThat(Double.parseDouble(router.read("c.count"))).isCloseTo(10.0 * packets, within(10.0));
            }
        }

        @Test
        void redDropsMoreTheLongerTheQueue() throws ClickException {
            try (RouterHarness router = new RouterHarness(
                    "RatedSource(x, 2000) -> r :: RED(10, 50, 0.1) -> q :: Queue(100) -> Shaper(1000) -> Discard")) {
                router.pass(5 * SECOND, SECOND / 4000);
                assertThat(Long.parseLong(router.read("r.drops"))).isBetween(4000L, 5500L);
                assertThat(router.read("q.drops")).isEqualTo("0");
                assertThat(Double.parseDouble(router.read("r.avg_queue_size"))).isBetween(10.0, 55.0);
            }
        }
    }

    @Nested
    class Sources {
        @Test
        void timedSourceKeepsItsInterval() throws ClickException {
            try (RouterHarness router =
                    new RouterHarness("t :: TimedSource(0.1, \\<0102>) -> c :: Counter -> Discard")) {
                router.pass(SECOND, SECOND / 100);
                assertThat(router.read("c.count")).isEqualTo("10");
            }
        }

        @Test
        void ratedSourceKeepsItsRateAndLimit() throws ClickException {
            try (RouterHarness router =
                    new RouterHarness("r :: RatedSource(\"\\<dead>\", 100, 150) -> c :: Counter -> Discard")) {
                router.pass(SECOND, SECOND / 1000);
                assertThat(Integer.parseInt(router.read("c.count"))).isBetween(98, 101);
                assertThat(router.read("c.byte_count")).isEqualTo(2 * Integer.parseInt(router.read("c.count")) + "");
                router.pass(SECOND, SECOND / 1000);
                assertThat(router.read("c.count")).isEqualTo("150");
                assertThat(Double.parseDouble(router.read("c.rate"))).isBetween(0.0, 200.0);
            }
        }

        @Test
        void stopsTheRouterWhenAsked() throws ClickException {
            try (RouterHarness router =
                    new RouterHarness("InfiniteSource(LIMIT 5, STOP true) -> c :: Counter -> Discard")) {
                router.settle();
                assertThat(router.router.isStopped()).isTrue();
                assertThat(router.read("c.count")).isEqualTo("5");
            }
        }
    }

    @Nested
    class Copies {
        @Test
        void teeSendsACopyToEveryOutput() throws ClickException {
            try (RouterHarness router = new RouterHarness("FromDevice(eth0) -> t :: Tee -> Strip(1) -> Queue"
                    + " -> ToDevice(eth1); t [1] -> Queue -> ToDevice(eth0)")) {
                router.eth0().arrive("0102");
                router.settle();
                assertThat(router.eth1().sent).extracting(RouterHarness::hex).containsExactly("02");
                assertThat(router.eth0().sent).extracting(RouterHarness::hex).containsExactly("0102");
            }
        }

        @Test
        void paintTeeCopiesItsColorOnly() throws ClickException {
            try (RouterHarness router = new RouterHarness("FromDevice(eth0) -> Paint(2) -> a :: PaintTee(2)"
                    + " -> b :: PaintTee(3) -> Discard; a [1] -> ca :: Counter -> Discard;"
                    + " b [1] -> cb :: Counter -> Discard")) {
                router.eth0().arrive("01");
                router.settle();
                assertThat(router.read("ca.count")).isEqualTo("1");
                assertThat(router.read("cb.count")).isEqualTo("0");
            }
        }
    }

    @Nested
    class Handlers {
        @Test
        void unknownOnesAreRefusedWithThoseThereAre() throws ClickException {
            try (RouterHarness router = new RouterHarness("Idle -> q :: Queue -> Discard")) {
                assertThatThrownBy(() -> router.read("q.lenght")).hasMessageContaining("length");
                assertThatThrownBy(() -> router.read("x.length")).hasMessageContaining("no such element: x");
                assertThatThrownBy(() -> router.router.write("q.capacity", "-1"))
                        .hasMessageContaining("expected 1 to");
            }
        }
    }

    @Test
    void printShowsPacketsInHexadecimal() throws ClickException {
        try (RouterHarness router =
                new RouterHarness("FromDevice(eth0) -> Print(in, 6) -> Print(CONTENTS ASCII)" + " -> Discard")) {
            router.eth0().arrive("4142434445460a");
            router.settle();
            assertThat(router.printed).containsExactly("in:    7 | 41424344 4546", "   7 | ABCDEF.");
        }
    }
}

package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Percentage;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.SimulatedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Table 2 of the paper: relative shares of a link, and the same for CPU time, under a simulated clock. */
class SharesTest {
    private static final String ADDRESSES = "mac=02:00:00:00:00:02";
    private static final long LINK = 12_300; // bytes per millisecond: the paper's 12.3 MBps
    private static final int TEN_SECONDS = 10_000;

    private final SimulatedClock clock = new SimulatedClock();
    private final Node node = Node.builder().clock(clock).manual().frames(4096).build();

    @AfterEach
    void close() {
        node.close();
    }

    /** A channel that always has packets of one size to send. */
    private final class Flood {
        private final OutputChannel channel;
        private final BufferPool pool;
        private final int bytes;
        private long before;

        Flood(Domain domain, long share, int bytes) {
            this.channel =
                    domain.openOutput(OutputSpec.of("if0/eth", ADDRESSES, share).withQueue(128));
            this.pool = domain.allotBuffers(200);
            this.bytes = bytes;
        }

        /** Bytes sent in the measured time. */
        long sent() {
            return channel.bytes() - before;
        }

        void fill() {
            while (channel.queueRoom() > 0) {
                PacketBuffer packet = Objects.requireNonNull(pool.take());
                packet.put(bytes - 14);
                channel.send(packet);
            }
        }
    }

    private MemoryStation attach(long capacity, long paced) {
        MemoryLink link = new MemoryLink(
                Packets.link("if0", Packets.NODE_MAC, capacity),
                Packets.link("station", Packets.PEER_MAC, capacity),
                clock,
                0);
        node.attach(link::left, paced);
        return new MemoryStation(link::right);
    }

    /** Fills the queues, then measures. */
    private void run(MemoryStation sink, int millis, List<Flood> floods) {
        step(sink, 100, floods);
        floods.forEach(flood -> flood.before = flood.channel.bytes());
        step(sink, millis, floods);
    }

    private void step(MemoryStation sink, int millis, List<Flood> floods) {
        for (int i = 0; i < millis * 2; i++) {
            floods.forEach(Flood::fill);
            clock.advanceNanos(500_000);
            node.poll();
            sink.discardAll();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void channelsGetTheirSharesOfASaturatedLinkWithinThreePerMille(boolean pacedByTheNode) {
        MemoryStation sink = pacedByTheNode ? attach(Packets.FAST, LINK) : attach(LINK, 0);
        Domain root = node.root();
        List<Flood> floods =
                List.of(new Flood(root, 1000, 1024), new Flood(root, 2000, 1024), new Flood(root, 3000, 1024));

        run(sink, TEN_SECONDS, floods);

        double all = floods.stream().mapToLong(Flood::sent).sum();
        assertThat(all).isCloseTo(LINK * (double) TEN_SECONDS, Percentage.withPercentage(0.3));
        for (int i = 0; i < 3; i++) {
            assertThat(floods.get(i).sent()).isCloseTo(Math.round(all * (i + 1) / 6), percent(0.3));
        }
    }

    @Test
    void sharesAreOfBytesWhateverThePacketsSize() {
        MemoryStation sink = attach(LINK, 0);
        List<Flood> floods = List.of(new Flood(node.root(), 3000, 100), new Flood(node.root(), 3000, 1514));

        run(sink, 2_000, floods);

        assertThat(floods.get(0).sent()).isCloseTo(floods.get(1).sent(), percent(0.5));
    }

    @Test
    void whatAnIdleChannelLeavesGoesToTheOthers() {
        MemoryStation sink = attach(LINK, 0);
        Flood one = new Flood(node.root(), 1000, 1024);
        Flood two = new Flood(node.root(), 2000, 1024);
        Flood idle = new Flood(node.root(), 3000, 1024);

        run(sink, 2_000, List.of(one, two));

        assertThat(idle.channel.packets()).isZero();
        assertThat(one.sent() + two.sent()).isCloseTo(LINK * 2_000, percent(0.3));
        assertThat(two.sent()).isCloseTo(2 * one.sent(), percent(0.3));
    }

    @Test
    void aFloodingDomainLeavesTheOthersTheirRates() {
        MemoryStation sink = attach(LINK, 0);
        Domain tenant = node.root()
                .create(DomainSpec.of(
                        "tenant",
                        new ResourceSpec(1000, 0, 6000, 0),
                        new Authority(java.util.Set.of(Authority.Right.SEND_AS_ANY), List.of())));
        Flood modest = new Flood(tenant, 6000, 1024);
        Flood flood = new Flood(node.root(), 1000, 1514);
        long before = 0;
        long[] rates = new long[2];
        for (int phase = 0; phase < 2; phase++) {
            for (int i = 0; i < 2_000; i++) {
                for (int k = 0; k < 5; k++) { // 5120 bytes a millisecond: below its guarantee
                    PacketBuffer packet = Objects.requireNonNull(modest.pool.take());
                    packet.put(1010);
                    modest.channel.send(packet);
                }
                if (phase == 1) {
                    flood.fill();
                }
                clock.advanceNanos(1_000_000);
                node.poll();
                sink.discardAll();
            }
            rates[phase] = modest.channel.bytes() - before;
            before = modest.channel.bytes();
        }

        assertThat(rates[1]).isCloseTo(rates[0], percent(0.5));
        assertThat(modest.channel.drops()).isEmpty();
    }

    /** Three busy threads on one processor; CPU time is what they say they used, so the result is exact. */
    @Test
    void busyThreadsGetTheirSharesOfTheProcessorWithinOnePercent() throws InterruptedException {
        long[] used = cpuShares(new long[] {1, 2, 3}, 10_000_000_000L, Long.MAX_VALUE);

        double all = used[0] + used[1] + used[2];
        for (int i = 0; i < 3; i++) {
            assertThat(used[i] / all).isCloseTo((i + 1) / 6.0, within(0.01 * (i + 1) / 6.0));
        }
    }

    @Test
    void whatAnIdleThreadLeavesOfTheProcessorGoesToTheOthers() throws InterruptedException {
        long[] used = cpuShares(new long[] {1, 2, 3}, 10_000_000_000L, 600_000_000L);

        assertThat(used[2]).isCloseTo(600_000_000L, percent(1));
        assertThat(used[1]).isCloseTo(2 * used[0], percent(2));
        assertThat(used[0] + used[1] + used[2]).isCloseTo(10_000_000_000L, percent(0.1));
    }

    /** Lets three threads work until together they used {@code total}; the last one stops at {@code lastStops}. */
    private static long[] cpuShares(long[] weights, long total, long lastStops) throws InterruptedException {
        AtomicLong time = new AtomicLong();
        ThreadLocal<long[]> own = ThreadLocal.withInitial(() -> new long[1]);
        CpuScheduler scheduler = new CpuScheduler(1, time::get, thread -> own.get()[0]);
        long[] used = new long[weights.length];
        List<Thread> threads = new ArrayList<>();
        CountDownLatch gateHolds = new CountDownLatch(1);
        // Holds the processor until all others wait for it, so that they begin together.
        threads.add(new DomainThread("gate", scheduler, new CpuScheduler.Account(1), () -> {
            gateHolds.countDown();
            while (scheduler.waitingThreads() < weights.length) {
                Thread.yield();
            }
        }));
        threads.get(0).start();
        gateHolds.await();
        for (int i = 0; i < weights.length; i++) {
            int me = i;
            var account = new CpuScheduler.Account(weights[i] * 100_000_000);
            DomainThread thread = new DomainThread("busy-" + i, scheduler, account, () -> {
                DomainThread self = (DomainThread) Thread.currentThread();
                while (time.get() < total && !(me == weights.length - 1 && used[me] >= lastStops)) {
                    own.get()[0] += 100_000;
                    used[me] += 100_000;
                    time.addAndGet(100_000);
                    scheduler.tick(self);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return used;
    }

    private static Percentage percent(double value) {
        return Percentage.withPercentage(value);
    }
}

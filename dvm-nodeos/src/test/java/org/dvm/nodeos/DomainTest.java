package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dvm.nodeos.link.MemoryLink;
import org.dvm.nodeos.link.MemoryStation;
import org.dvm.nodeos.link.NodeClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Domains of a running node: threads, limits, hierarchy, the end. */
class DomainTest {
    private static final String BACK = "local=10.0.0.9:5000,remote=10.0.0.1:7,mac=02:00:00:00:00:02";
    private static final ResourceSpec SOME = new ResourceSpec(2000, 100_000_000, 0, 0);
    private static final ResourceSpec LINKED = new ResourceSpec(2000, 100_000_000, 1000, 0);

    @TempDir
    private Path files;

    private Node node = Node.builder().frames(4096).build();

    @AfterEach
    void close() {
        node.close();
    }

    private MemoryStation attach(String name) {
        MemoryLink link = new MemoryLink(
                Packets.link(name, Packets.NODE_MAC, Packets.FAST),
                Packets.link("station", Packets.PEER_MAC, Packets.FAST),
                NodeClock.SYSTEM,
                0);
        node.attach(link::left);
        return new MemoryStation(link::right);
    }

    @Test
    void servesAChannelWithItsOwnThreads() throws InterruptedException {
        MemoryStation station = attach("if0");
        CountDownLatch ready = new CountDownLatch(1);
        Domain echo = node.root().create(DomainSpec.of("echo", LINKED, Authority.over("10.0.0.9:5000")), self -> {
            ForwardingEcho.start(self);
            ready.countDown();
        });
        ready.await();
        byte[] sent = Packets.udp("10.0.0.1", 7, "10.0.0.9", 5000, Packets.payload(100, 1));
        int received = 0;
        for (int i = 0; i < 200; i++) {
            station.send(sent);
            received += awaitFrames(station, 1);
        }

        assertThat(received).isEqualTo(200);
        DomainStatistics statistics = echo.statistics();
        assertThat(statistics.packetsIn()).isEqualTo(200);
        assertThat(statistics.packetsOut()).isEqualTo(200);
        assertThat(statistics.bytesOut()).isEqualTo(200 * 142);
        assertThat(statistics.drops()).isEmpty();
        assertThat(statistics.threads()).isPositive();
    }

    /** Answers every datagram. */
    private static final class ForwardingEcho {
        static void start(Domain self) {
            InputChannel in = self.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:5000"));
            OutputChannel out = self.openOutput(OutputSpec.of("if0/eth/ip/udp", BACK, 100));
            self.mainThreads().serve(in, (packets, count) -> out.send(packets, 0, count));
        }
    }

    private static int awaitFrames(MemoryStation station, int count) throws InterruptedException {
        int received = 0;
        for (int i = 0; i < 20_000 && received < count; i++) {
            received += station.discardAll();
            if (received < count) {
                station.driver().awaitReceive(1_000_000);
            }
        }
        return received;
    }

    @Test
    void aChildGetsNoMoreThanItsParentHas() {
        Domain parent = node.root().create(DomainSpec.of("parent", SOME, Authority.over("10.0.0.0/24")));
        parent.create(DomainSpec.of("a", new ResourceSpec(1500, 60_000_000, 0, 0), Authority.over("10.0.0.4/30")));

        assertThatThrownBy(() -> parent.create(DomainSpec.of("b", new ResourceSpec(501, 0, 0, 0), Authority.NONE)))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("wanted=501, left=500");
        assertThatThrownBy(
                        () -> parent.create(DomainSpec.of("b", new ResourceSpec(0, 40_000_001, 0, 0), Authority.NONE)))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("CPU");
        assertThatThrownBy(() -> parent.create(DomainSpec.of("b", ResourceSpec.NONE, Authority.over("10.0.1.0/24"))))
                .isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> parent.create(DomainSpec.of(
                        "b", ResourceSpec.NONE, new Authority(Set.of(Authority.Right.RECEIVE_ANY), List.of()))))
                .isInstanceOf(AuthorityException.class);
        assertThat(parent.children()).hasSize(1);
        assertThat(parent.available().pages()).isEqualTo(500);
    }

    @Test
    void nobodySnoopsAndNobodySpoofs() {
        MemoryStation station = attach("if0");
        Domain a = node.root().create(DomainSpec.of("a", SOME, Authority.over("10.0.0.1:5000-5999")));
        Domain b = node.root().create(DomainSpec.of("b", LINKED, Authority.over("10.0.0.1:5000-5999", "10.0.0.2")));
        a.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:5000"));

        assertThatThrownBy(() -> a.openInput(InputSpec.of("if0", "*"))).isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> a.openInput(InputSpec.of("if0/eth/ip", "*"))).isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> a.openInput(InputSpec.of("if0/eth/ip", "local=10.0.0.1")))
                .isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> b.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:5000,remote=10.9.9.9")))
                .isInstanceOf(AuthorityException.class)
                .hasMessageContaining("root/a");
        assertThatThrownBy(() -> b.openOutput(
                        OutputSpec.of("if0/eth/ip/udp", "local=10.0.0.3:1,remote=10.0.0.9:1,mac=02:00:00:00:00:02", 1)))
                .isInstanceOf(AuthorityException.class);
        assertThatThrownBy(() -> b.openOutput(OutputSpec.of("if0", "*", 1))).isInstanceOf(AuthorityException.class);
        OutputChannel out = b.openOutput(OutputSpec.of("if0/eth", "local=10.0.0.2,mac=02:00:00:00:00:02", 1));
        PacketBuffer forged = Objects.requireNonNull(b.allotBuffers(1).take());
        forged.put(20);
        forged.setInt(0, 0x45000014);
        forged.setInt(12, Endpoint.parseAddress("10.0.0.1"));
        assertThat(out.send(forged)).isFalse();
        assertThat(out.drops()).containsOnlyKeys(DropReason.SPOOFED);
        assertThat(station.receive()).isNull();
    }

    @Test
    void aParentMayDelegatePartOfWhatItReceives() {
        MemoryStation station = attach("if0");
        Domain parent = node.root().create(DomainSpec.of("p", SOME, Authority.over("10.0.0.1")));
        InputChannel all = parent.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:*"));
        Domain child = parent.create(DomainSpec.of("c", new ResourceSpec(500, 0, 0, 0), Authority.over("10.0.0.1:53")));
        InputChannel part = child.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:53"));
        station.send(Packets.udp("10.0.0.9", 7, "10.0.0.1", 53, new byte[4]));
        station.send(Packets.udp("10.0.0.9", 7, "10.0.0.1", 54, new byte[4]));

        PacketBuffer[] batch = new PacketBuffer[4];
        assertThat(part.receive(batch, 1_000_000_000)).isEqualTo(1);
        assertThat(all.receive(batch, 1_000_000_000)).isEqualTo(1);
    }

    @Test
    void suspendHoldsThreadsAndResumeLetsThemGo() throws InterruptedException {
        AtomicInteger rounds = new AtomicInteger();
        Domain busy = node.root().create(DomainSpec.of("busy", SOME, Authority.NONE), self -> {
            while (true) {
                self.checkpoint();
                rounds.incrementAndGet();
            }
        });
        await(() -> rounds.get() > 1000);

        busy.suspend();
        assertThat(busy.state()).isEqualTo(DomainState.SUSPENDED);
        int held = settled(rounds);
        Thread.sleep(20);
        assertThat(rounds).hasValue(held);
        busy.resume();

        await(() -> rounds.get() > held);
    }

    private static int settled(AtomicInteger counter) throws InterruptedException {
        int last;
        do {
            last = counter.get();
            Thread.sleep(20);
        } while (counter.get() != last);
        return last;
    }

    @Test
    void destroyEndsThreadsThatWaitSleepOrSpinInTheNode() throws InterruptedException {
        attach("if0");
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(3);
        Domain domain = node.root().create(DomainSpec.of("d", SOME, Authority.over("10.0.0.9")));
        InputChannel in = domain.openInput(
                InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:1").withBuffers(4));
        List<Runnable> bodies = List.of(
                () -> in.receive(new PacketBuffer[1], Long.MAX_VALUE / 2),
                () -> {
                    try {
                        Thread.sleep(100_000);
                    } catch (InterruptedException e) {
                        domain.checkpoint();
                    }
                },
                () -> {
                    while (true) {
                        domain.checkpoint();
                    }
                });
        for (Runnable body : bodies) {
            domain.mainThreads().start(() -> {
                running.countDown();
                try {
                    body.run();
                } finally {
                    ended.incrementAndGet();
                }
            });
        }
        running.await();

        domain.destroy();

        await(() -> ended.get() == 3);
        assertThat(domain.state()).isEqualTo(DomainState.TERMINATED);
        assertThatThrownBy(() -> domain.allotBuffers(1)).isInstanceOf(DomainTerminatedException.class);
        assertThatThrownBy(() -> in.receive(new PacketBuffer[1])).isInstanceOf(DomainTerminatedException.class);
    }

    @Test
    void destroyTakesAllDomainsBeneathAndGivesEverythingBack() {
        attach("if0");
        ResourceSpec before = node.root().available();
        int frames = node.memory().freeFrames();
        Domain upper = node.root().create(DomainSpec.of("u", LINKED, Authority.over("10.0.0.9")));
        Domain lower = upper.create(DomainSpec.of("l", new ResourceSpec(800, 0, 500, 0), Authority.over("10.0.0.9")));
        lower.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:1").withBuffers(16));
        lower.openOutput(OutputSpec.of("if0/eth/ip/udp", BACK, 500));
        PacketBuffer held = Objects.requireNonNull(lower.allotBuffers(4).take());
        PageBlock block = lower.allotPages(4);

        upper.destroy();

        assertThat(lower.state()).isEqualTo(DomainState.TERMINATED);
        assertThat(node.root().available()).isEqualTo(before);
        assertThat(node.memory().freeFrames()).isEqualTo(frames);
        assertThatThrownBy(() -> held.put(1)).isInstanceOf(BufferAccessException.class);
        assertThatThrownBy(() -> block.getInt(0)).isInstanceOf(BufferAccessException.class);
        assertThat(node.root().children()).isEmpty();
    }

    @Test
    void aThousandDomainsDestroyedInFullTrafficLeakNothing() throws InterruptedException {
        MemoryStation station = attach("if0");
        byte[] sent = Packets.udp("10.0.0.1", 7, "10.0.0.9", 5000, Packets.payload(100, 1));
        AtomicBoolean stop = new AtomicBoolean();
        Thread traffic = new Thread(() -> {
            while (!stop.get()) {
                station.send(sent);
                station.discardAll();
            }
        });
        ResourceSpec before = node.root().available();
        int frames = node.memory().freeFrames();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        traffic.start();
        AtomicInteger started = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            int startedBefore = started.get();
            Domain domain = node.root()
                    .create(DomainSpec.of("d" + i, LINKED, Authority.over("10.0.0.9:5000")), self -> {
                        started.incrementAndGet();
                        ForwardingEcho.start(self);
                    });
            if (i % 2 == 0) {
                await(() -> started.get() > startedBefore);
            }
            domain.destroy();
        }
        stop.set(true);
        traffic.join();

        await(() -> node.root().available().equals(before));
        assertThat(node.memory().freeFrames()).isEqualTo(frames);
        await(() -> Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("root/"))
                .allMatch(threads::contains));
    }

    @Test
    void aThreadThatNeverCallsTheNodeHoldsUpNobody() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        node.close();
        node = Node.builder().frames(1024).processors(1).build();
        node.root().create(DomainSpec.of("hog", SOME, Authority.NONE), self -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
        });
        node.root().create(DomainSpec.of("good", SOME, Authority.NONE), self -> {
            while (true) {
                self.checkpoint();
                rounds.incrementAndGet();
            }
        });

        await(() -> rounds.get() > 100_000);
        stop.set(true);
    }

    @Test
    void memoryIsNeverPromisedTwiceEvenWhenAGroupOverruns() {
        Domain group = node.root().create(DomainSpec.of("g", new ResourceSpec(300, 0, 0, 0), Authority.NONE));
        Domain member = group.create(
                new DomainSpec("m", new ResourceSpec(100, 0, 0, 0), Authority.NONE, DomainSpec.Pooling.PARENTS));
        assertThat(member.memoryPool()).isSameAs(group.memoryPool());
        long total = node.root().memoryPool().limitPages();
        List<PageBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            blocks.add(member.allotPages(100));
        }

        assertThatThrownBy(() -> group.allotPages(1)).isInstanceOf(ResourceException.class);
        assertThatThrownBy(() -> blocks.get(0).getByte(100 * MemoryPool.PAGE_BYTES))
                .isInstanceOf(IndexOutOfBoundsException.class);
        blocks.get(0).close();
        assertThat(group.allotPages(100).length()).isEqualTo(100 * MemoryPool.PAGE_BYTES);
        group.destroy();
        assertThat(node.root().memoryPool().limitPages()).isEqualTo(total + 300);
    }

    @Test
    void tellsADomainThatItsMemoryRunsShort() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Domain domain = node.root().create(DomainSpec.of("d", new ResourceSpec(200, 0, 0, 0), Authority.NONE));
        domain.onNearMemoryLimit(calls::incrementAndGet);
        domain.allotPages(100);
        assertThat(calls).hasValue(0);

        domain.allotPages(20); // with the page count of the event thread, 184 of 200

        await(() -> calls.get() == 1);
    }

    @Test
    void keepsFilesOfOneDomainApartChargedAndLimited() {
        node.close();
        node = Node.builder().frames(1024).files(files, 1 << 20).build();
        DomainSpec spec = DomainSpec.of("d", new ResourceSpec(100, 0, 0, 12_288), Authority.NONE);
        Domain domain = node.root().create(spec);
        Domain other = node.root().create(DomainSpec.of("e", new ResourceSpec(0, 0, 0, 8192), Authority.NONE));
        domain.files().write("state", new byte[5000]);

        assertThat(domain.files().usedBytes()).isEqualTo(8192);
        assertThatThrownBy(() -> domain.files().write("more", new byte[4097]))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("file space");
        assertThatThrownBy(() -> domain.files().write("../e/state", new byte[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(other.files().list()).isEmpty();
        domain.files().write("state", "kept".getBytes(StandardCharsets.UTF_8));
        domain.destroy();
        assertThatThrownBy(() -> domain.files().read("state")).isInstanceOf(DomainTerminatedException.class);
        Domain again = node.root().create(spec);
        assertThat(again.files().list()).containsExactly("state");
        assertThat(again.files().read("state")).asString(StandardCharsets.UTF_8).isEqualTo("kept");
        assertThat(again.files().delete("state")).isTrue();
        assertThat(again.files().delete("state")).isFalse();
        assertThat(again.files().usedBytes()).isZero();
    }

    @Test
    void deliversTimersAndEventsInOneThread() throws InterruptedException {
        Domain domain = node.root().create(DomainSpec.of("d", SOME, Authority.NONE));
        AtomicReference<Thread> thread = new AtomicReference<>();
        CountDownLatch ticks = new CountDownLatch(3);
        Timer timer = domain.events().every(Duration.ofMillis(2), () -> {
            thread.compareAndSet(null, Thread.currentThread());
            if (thread.get() == Thread.currentThread()) {
                ticks.countDown();
            }
        });

        assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).isFalse();
        domain.events().post(() -> {
            throw new IllegalStateException("event fails on purpose");
        });
        await(() -> domain.events().failures() == 1);
    }

    @Test
    void aFailingHandlerKeepsNeitherBuffersNorTheThread() throws InterruptedException {
        MemoryStation station = attach("if0");
        Domain domain = node.root().create(DomainSpec.of("d", SOME, Authority.over("10.0.0.9")));
        InputChannel in = domain.openInput(
                InputSpec.of("if0/eth/ip/udp", "local=10.0.0.9:1").withBuffers(2));
        domain.mainThreads().serve(in, (packets, count) -> {
            throw new IllegalStateException("handler fails on purpose");
        });
        for (int i = 0; i < 10; i++) {
            station.send(Packets.udp("10.0.0.1", 7, "10.0.0.9", 1, new byte[1]));
            int failures = i;
            await(() -> domain.mainThreads().failures() > failures);
        }

        await(() -> in.emptyBuffers() == 2);
        assertThat(in.drops()).isEmpty();
    }

    /** A condition that another thread brings about. */
    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("condition came true").isLessThan(deadline);
            Thread.sleep(1);
        }
    }
}

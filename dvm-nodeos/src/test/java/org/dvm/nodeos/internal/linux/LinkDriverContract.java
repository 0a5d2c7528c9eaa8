package org.dvm.nodeos.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameGenerator;
import org.dvm.nodeos.lab.FrameSink;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every Linux back end owes the node, on a cable between two namespaces. */
@Timeout(120)
public abstract class LinkDriverContract {
    private static final int FRAMES = 8192;
    private static final int FRAME_BYTES = 2048;
    private static final int CYCLES = 60;
    private static final int BATCH = 64;
    private static final int WARM_UP_ROUNDS = 3000;
    private static final int MEASURED_ROUNDS = 1000;
    /** Of 20 ms. */
    private static final int MAX_WAITS = 10;

    private final LinkDriverProvider provider;
    private final FrameMemory memory = FrameMemory.allocate(FRAMES, FRAME_BYTES);
    private NetworkNamespace left;
    private NetworkNamespace right;
    private Cable cable;

    protected LinkDriverContract(LinkDriverProvider provider) {
        this.provider = provider;
    }

    @BeforeEach
    void layCable() {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "no network laboratory here: " + obstacle);
        left = NetworkNamespace.create("left");
        right = NetworkNamespace.create("right");
        cable = Cable.lay(left, "left0", right, "right0");
        LinkDriverProvider.Availability availability = right.call(() -> provider.availability(cable.right()));
        assumeTrue(availability.usable(), provider.backEnd() + ": " + availability.reason());
    }

    @AfterEach
    void removeCable() {
        if (left != null) {
            left.close();
            right.close();
        }
    }

    private LinkEnd open(NetworkNamespace namespace, LinkDescription link) {
        return new LinkEnd(openDriver(namespace, link), memory);
    }

    private LinkDriver openDriver(NetworkNamespace namespace, LinkDescription link) {
        return namespace.call(() -> provider.open(link, memory));
    }

    @Test
    void carriesFramesOfEverySizeUnharmedAndInOrder() {
        int total = 20_000;
        int window = 100;
        try (LinkEnd sender = open(left, cable.left());
                LinkEnd receiver = open(right, cable.right())) {
            NumberedFrames frames =
                    new NumberedFrames(1, cable.right().mac(), cable.left().mac());
            AtomicLong expected = new AtomicLong();
            long sent = 0;
            while (sent < total) {
                for (int i = 0; i < window; i++) {
                    sender.send(frames.next());
                    sent++;
                }
                int received = receiver.receiveUntil(
                        window, frame -> assertThat(NumberedFrames.check(frame)).isEqualTo(expected.getAndIncrement()));
                assertThat(received).isEqualTo(window);
            }
            sender.drain();
            assertThat(receiver.driver().counters().receivedFrames()).isEqualTo(total);
            assertThat(receiver.driver().counters().receiveDrops()).isZero();
            assertThat(sender.driver().counters().transmittedFrames()).isEqualTo(total);
            assertThat(sender.driver().counters().transmitDrops()).isZero();
            assertThat(receiver.driver().counters().receivedBytes())
                    .isEqualTo(sender.driver().counters().transmittedBytes());
        }
    }

    @Test
    void accountsForEveryFrameWhenTheReceiverIsFlooded() {
        int total = 400_000;
        byte[] frame = UdpFrames.make(cable.right().mac(), cable.left().mac(), 1, 2, 9, 60);
        try (InterfaceStatistics leftStatistics = statistics(left, cable.left());
                LinkEnd receiver = open(right, cable.right());
                FrameGenerator generator = FrameGenerator.on(left, cable.left(), frame)) {
            Thread sending = new Thread(() -> generator.send(total));
            sending.start();
            long received = 0;
            while (sending.isAlive()) {
                received += receiver.receive(bytes -> assertThat(bytes).hasSize(60));
            }
            received += receiveRest(receiver);
            assertThat(received + receiver.driver().counters().receiveDrops() + leftStatistics.transmitDrops())
                    .isEqualTo(total);
            assertThat(receiver.driver().counters().receivedFrames()).isEqualTo(received);
        }
    }

    /** Receives until nothing has come for a while. */
    private static long receiveRest(LinkEnd receiver) {
        long received = 0;
        for (int quiet = 0; quiet < 5; quiet++) {
            int count = receiver.receive(bytes -> assertThat(bytes).hasSize(60));
            received += count;
            if (count > 0) {
                quiet = 0;
            } else {
                receiver.driver().awaitReceive(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
        return received;
    }

    private static InterfaceStatistics statistics(NetworkNamespace namespace, LinkDescription link) {
        return namespace.call(() -> InterfaceStatistics.open(link));
    }

    @Test
    void accountsForEveryFrameWhenItFloodsTheLink() {
        int total = 200_000;
        byte[] frame = UdpFrames.make(cable.right().mac(), cable.left().mac(), 1, 2, 9, 60);
        try (FrameSink sink = FrameSink.on(right, cable.right());
                LinkEnd sender = open(left, cable.left())) {
            for (int i = 0; i < total; i++) {
                sender.send(frame);
            }
            sender.drain();
            assertThat(sink.count().frames() + sender.driver().counters().transmitDrops())
                    .isEqualTo(total);
        }
    }

    @Test
    void receivesNothingWithoutEmptyFrames() {
        byte[] frame = UdpFrames.make(cable.right().mac(), cable.left().mac(), 1, 2, 9, 60);
        LinkDriver driver = openDriver(right, cable.right());
        try (LinkEnd sender = open(left, cable.left())) {
            for (int i = 0; i < 10; i++) {
                sender.send(frame);
            }
            driver.awaitReceive(TimeUnit.MILLISECONDS.toNanos(50));
            assertThat(driver.receive(new FrameBatch(64))).isZero();
        } finally {
            driver.close();
        }
    }

    @Test
    void allocatesNothingOnThePacketPath() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LinkDriver sender = openDriver(left, cable.left());
        LinkDriver receiver = openDriver(right, cable.right());
        try {
            FrameBatch supplies = new FrameBatch(receiver.receiveFrames());
            for (int offset : memory.take(receiver.receiveFrames())) {
                supplies.add(offset, 0);
            }
            receiver.supply(supplies);
            FrameBatch outgoing = new FrameBatch(BATCH);
            byte[] frame = UdpFrames.make(cable.right().mac(), cable.left().mac(), 1, 2, 9, 60);
            for (int offset : memory.take(BATCH)) {
                memory.bytes().put(offset, frame);
                outgoing.add(offset, frame.length);
            }
            FrameBatch incoming = new FrameBatch(BATCH);
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                passBatch(sender, receiver, outgoing, incoming);
            }
            long received = 0;
            long[] allocated = new long[5];
            for (int block = 0; block < allocated.length; block++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < MEASURED_ROUNDS; round++) {
                    received += passBatch(sender, receiver, outgoing, incoming);
                }
                allocated[block] = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(received).isGreaterThan((long) allocated.length * MEASURED_ROUNDS * BATCH / 2);
            // The virtual machine links a call or two of its own late; what a packet costs would be in every block.
            assertThat(allocated).contains(0);
        } finally {
            sender.close();
            receiver.close();
        }
    }

    /**
     * Sends a batch, takes it in at the other end, and has everything back where it was. What the cable loses - all, as long
     * as its other end isn't up - isn't waited for long.
     *
     * @return how many frames came
     */
    private static int passBatch(LinkDriver sender, LinkDriver receiver, FrameBatch outgoing, FrameBatch incoming) {
        int length = outgoing.length(0);
        while (outgoing.size() > 0) {
            sender.transmit(outgoing);
        }
        int received = 0;
        for (int waits = 0; received < BATCH && waits < MAX_WAITS; ) {
            int count = receiver.receive(incoming);
            received += count;
            receiver.supply(incoming);
            if (count == 0) {
                receiver.awaitReceive(TimeUnit.MILLISECONDS.toNanos(20));
                waits++;
            }
        }
        while (outgoing.size() < BATCH) {
            sender.reclaim(outgoing);
        }
        for (int i = 0; i < BATCH; i++) {
            outgoing.set(i, outgoing.offset(i), length);
        }
        return received;
    }

    @Test
    void wakeUpEndsAWait() throws InterruptedException {
        LinkDriver driver = openDriver(right, cable.right());
        try {
            CountDownLatch returned = new CountDownLatch(1);
            Thread waiting = new Thread(() -> {
                driver.awaitReceive(TimeUnit.HOURS.toNanos(1));
                returned.countDown();
            });
            waiting.start();
            driver.wakeUp();
            assertThat(returned.await(10, TimeUnit.SECONDS)).isTrue();
            waiting.join();
        } finally {
            driver.close();
        }
    }

    @Test
    void leavesNothingBehind() throws IOException {
        byte[] frame = UdpFrames.make(cable.right().mac(), cable.left().mac(), 1, 2, 9, 60);
        try (FrameGenerator generator = FrameGenerator.on(left, cable.left(), frame)) {
            cycle(generator);
            long descriptors = openDescriptors();
            int threads = Thread.activeCount();
            int freeFrames = memory.freeFrames();
            for (int i = 0; i < CYCLES; i++) {
                cycle(generator);
            }
            assertThat(openDescriptors()).isEqualTo(descriptors);
            assertThat(Thread.activeCount()).isEqualTo(threads);
            assertThat(memory.freeFrames()).isEqualTo(freeFrames);
            FrameSink.on(right, cable.right()).close(); // EBUSY if a program were still attached
        }
    }

    private void cycle(FrameGenerator generator) {
        LinkDriver driver = openDriver(right, cable.right());
        int[] lent = memory.take(driver.receiveFrames());
        FrameBatch supplies = new FrameBatch(lent.length);
        for (int offset : lent) {
            supplies.add(offset, 0);
        }
        driver.supply(supplies);
        generator.send(256);
        driver.awaitReceive(TimeUnit.MILLISECONDS.toNanos(5));
        driver.receive(new FrameBatch(64));
        driver.close();
        for (int offset : lent) {
            memory.give(offset);
        }
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}

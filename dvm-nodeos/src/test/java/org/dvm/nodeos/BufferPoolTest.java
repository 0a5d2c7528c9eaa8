package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.OutOfFramesException;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private static final int FRAME = 2048;

    @Test
    void handsOutAsManyBuffersAsItOwns() {
        BufferPool pool = BufferPool.open(FrameMemory.allocate(8, FRAME), 3);
        List<PacketBuffer> taken = List.of(take(pool), take(pool), take(pool));

        assertThat(pool.take()).isNull();
        taken.get(1).release();
        assertThat(pool.take()).isSameAs(taken.get(1));
    }

    @Test
    void takesNothingWhenTheMemoryHasTooFewFrames() {
        FrameMemory memory = FrameMemory.allocate(4, FRAME);

        assertThatThrownBy(() -> BufferPool.open(memory, 5))
                .isInstanceOf(OutOfFramesException.class)
                .hasMessageContaining("wanted=5, free=4");
        assertThat(memory.freeFrames()).isEqualTo(4);
    }

    @Test
    void liesInMemoryThatADriverProvides() {
        ByteBuffer region = ByteBuffer.allocateDirect(4 * FRAME);
        BufferPool pool = BufferPool.open(FrameMemory.over(region, FRAME), 1);
        PacketBuffer buffer = take(pool);
        buffer.put(4);

        buffer.setInt(0, 0xdecade);

        assertThat(region.getInt(FrameMemory.HEADROOM_BYTES)).isEqualTo(0xdecade);
    }

    @Test
    void revokesBuffersWhereverTheyAreAndGivesFramesBack() {
        FrameMemory memory = FrameMemory.allocate(4, FRAME);
        BufferPool pool = BufferPool.open(memory, 4);
        PacketBuffer held = take(pool);
        held.put(8);
        PacketBuffer detached = take(pool);
        detached.detach();

        pool.close();
        pool.close();

        assertThatThrownBy(() -> held.getByte(0))
                .isInstanceOf(BufferAccessException.class)
                .hasMessageContaining("revoked");
        assertThatThrownBy(held::release).hasMessageContaining("revoked");
        assertThatThrownBy(detached::attach).hasMessageContaining("revoked");
        assertThat(pool.take()).isNull();
        assertThat(memory.freeFrames()).isEqualTo(4);
    }

    /**
     * Threads hammer a buffer while it is revoked under them; the frame goes at once to another pool, which must never
     * see a foreign write, and the old holders never a foreign byte.
     */
    @Test
    void revocationNeverLetsAnAccessSlipIntoTheNextOwnersPacket() throws InterruptedException {
        FrameMemory memory = FrameMemory.allocate(2, FRAME);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int round = 0; round < 300; round++) {
            BufferPool pool = BufferPool.open(memory, 2);
            CountDownLatch running = new CountDownLatch(2);
            AtomicInteger refused = new AtomicInteger();
            List<Thread> users = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Thread user = new Thread(() -> hammer(pool, running, refused, failure));
                user.start();
                users.add(user);
            }
            running.await();

            pool.close();
            BufferPool next = BufferPool.open(memory, 2);
            PacketBuffer mine = take(next);
            mine.put(1024);
            mine.fill(0, 1024, 0x5a);
            for (Thread user : users) {
                user.join();
            }

            for (int i = 0; i < 1024; i++) {
                assertThat(mine.getUnsignedByte(i)).isEqualTo(0x5a);
            }
            assertThat(refused).hasValue(2);
            next.close();
        }
        assertThat(failure).hasValue(null);
    }

    @Test
    void survivesTakersAndReleasersOnManyThreads() throws InterruptedException {
        BufferPool pool = BufferPool.open(FrameMemory.allocate(8, FRAME), 5);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int mark = i + 1;
            Thread thread = new Thread(() -> {
                try {
                    for (int round = 0; round < 20_000; round++) {
                        PacketBuffer buffer = pool.take();
                        if (buffer != null) {
                            buffer.put(8);
                            buffer.setLong(0, mark);
                            assertThat(buffer.getLong(0)).isEqualTo(mark);
                            buffer.release();
                        }
                    }
                } catch (RuntimeException | AssertionError e) {
                    failure.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failure).hasValue(null);
        assertThat(pool.available()).isEqualTo(5);
    }

    @Test
    void allocatesNothingPerBuffer() {
        BufferPool pool = BufferPool.open(FrameMemory.allocate(4, FRAME), 4);
        use(pool, 50_000);

        long before = allocatedBytes();
        use(pool, 100_000);
        long after = allocatedBytes();

        assertThat(after - before).isLessThan(100_000 / 10); // a tenth of a byte per use: the measuring itself
    }

    private static void use(BufferPool pool, int times) {
        for (int i = 0; i < times; i++) {
            PacketBuffer buffer = take(pool);
            buffer.put(64);
            buffer.setInt(0, i);
            buffer.setShort(10, buffer.internetChecksum(0, 20));
            buffer.release();
        }
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static void hammer(
            BufferPool pool, CountDownLatch running, AtomicInteger refused, AtomicReference<Throwable> failure) {
        try {
            PacketBuffer buffer = take(pool);
            buffer.put(1024);
            buffer.fill(0, 1024, 0x11);
            running.countDown();
            while (true) {
                for (int i = 0; i < 1024; i++) {
                    buffer.setByte(i, 0x11);
                    if (buffer.getByte(i) != 0x11) {
                        failure.set(new AssertionError("saw a foreign byte at " + i));
                    }
                }
                buffer.fill(0, 1024, 0x11);
                buffer.internetChecksum(0, 1024);
            }
        } catch (BufferAccessException e) {
            if (e.reason() == BufferAccessException.Reason.REVOKED) {
                refused.incrementAndGet();
            }
        }
    }

    private static PacketBuffer take(BufferPool pool) {
        return Objects.requireNonNull(pool.take());
    }
}

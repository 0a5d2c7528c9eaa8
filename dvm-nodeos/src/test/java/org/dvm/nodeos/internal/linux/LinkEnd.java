package org.dvm.nodeos.internal.linux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDriver;

/** What a node does with a driver, in the simplest way: keeps it in empty frames, sends arrays, hands on arrays. */
public final class LinkEnd implements AutoCloseable {
    private static final int BATCH = 64;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LinkDriver driver;
    private final FrameMemory memory;
    private final FrameBatch batch = new FrameBatch(BATCH);
    private final FrameBatch done = new FrameBatch(BATCH); // its own: a batch may wait for room meanwhile
    private final FrameBatch supplies;
    private final Deque<Integer> spare = new ArrayDeque<>();
    private int inTransmission;

    public LinkEnd(LinkDriver driver, FrameMemory memory) {
        this.driver = driver;
        this.memory = memory;
        supplies = new FrameBatch(driver.receiveFrames());
        for (int offset : memory.take(driver.receiveFrames())) {
            supplies.add(offset, 0);
        }
        driver.supply(supplies);
        for (int offset : memory.take(driver.transmitFrames())) {
            spare.add(offset);
        }
    }

    public LinkDriver driver() {
        return driver;
    }

    /** Sends a frame, waiting for room as long as it takes. */
    public void send(byte[] frame) {
        send(frame.length, bytes -> bytes.put(frame));
    }

    /** Sends a frame that is written in place. */
    public void send(int length, Consumer<ByteBuffer> writer) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (spare.isEmpty()) {
            reclaim();
            checkPatience(deadline);
        }
        int offset = spare.remove() + FrameMemory.HEADROOM_BYTES;
        writer.accept(memory.bytes().duplicate().position(offset).limit(offset + length));
        batch.clear();
        batch.add(offset, length);
        while (driver.transmit(batch) == 0) {
            reclaim();
            checkPatience(deadline);
        }
        inTransmission++;
        reclaim();
    }

    private static void checkPatience(long deadline) {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("driver takes no more frames");
        }
    }

    private void reclaim() {
        done.clear();
        driver.reclaim(done);
        for (int i = 0; i < done.size(); i++) {
            spare.add(memory.frameOf(done.offset(i)));
            inTransmission--;
        }
    }

    /** Waits until every frame sent has come back. */
    public void drain() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (inTransmission > 0) {
            reclaim();
            checkPatience(deadline);
        }
    }

    /** Hands on what has arrived, without waiting; returns how many frames. */
    public int receive(Consumer<byte[]> consumer) {
        batch.clear();
        int count = driver.receive(batch);
        for (int i = 0; i < count; i++) {
            byte[] frame = new byte[batch.length(i)];
            memory.bytes().get(batch.offset(i), frame);
            consumer.accept(frame);
        }
        for (int i = 0; i < count; i++) {
            supplies.add(memory.frameOf(batch.offset(i)), 0);
        }
        driver.supply(supplies);
        return count;
    }

    /** Receives until a number of frames has come or nothing more comes for a while; returns how many. */
    public int receiveUntil(int wanted, Consumer<byte[]> consumer) {
        int total = 0;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (total < wanted && System.nanoTime() < deadline) {
            int count = receive(consumer);
            total += count;
            if (count == 0) {
                driver.awaitReceive(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
        return total;
    }

    @Override
    public void close() {
        driver.close();
    }
}

package org.dvm.nodeos.link;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something at the end of a link that sends and receives frames as byte arrays: a traffic source or a sink for tests and
 * examples.
 *
 * <p><b>Threads:</b> one thread.
 */
public final class MemoryStation implements AutoCloseable {
    private static final int FRAME_BYTES = 2048;

    private final FrameMemory memory;
    private final LinkDriver driver;
    private final FrameBatch batch = new FrameBatch(1);
    private final int[] spares;
    private int spareCount;

    /**
     * Puts a station at the end of a link.
     *
     * @param open makes the driver, such as {@code link::right}
     */
    public MemoryStation(Function<FrameMemory, ? extends LinkDriver> open) {
        this.memory = FrameMemory.allocate(1024, FRAME_BYTES);
        this.driver = open.apply(memory);
        this.spares = memory.take(driver.transmitFrames());
        this.spareCount = spares.length;
        FrameBatch empty = new FrameBatch(driver.receiveFrames());
        for (int frame : memory.take(driver.receiveFrames())) {
            empty.add(frame, 0);
        }
        driver.supply(empty);
    }

    /**
     * Sends a frame.
     *
     * @param frame Ethernet header to end of payload
     * @return false if the link has no room at the moment
     */
    public boolean send(byte[] frame) {
        while (spareCount < spares.length && driver.reclaim(batch) > 0) {
            spares[spareCount++] = FrameBatch.offsetOf(batch.removeLast());
        }
        if (spareCount == 0) {
            return false;
        }
        int offset = memory.frameOf(spares[--spareCount]) + FrameMemory.HEADROOM_BYTES;
        memory.bytes().put(offset, frame);
        batch.clear();
        batch.add(offset, frame.length);
        driver.transmit(batch);
        batch.clear();
        return true;
    }

    /**
     * Takes the frame that arrived first.
     *
     * @return the frame, or null if none has arrived
     */
    public byte @Nullable [] receive() {
        batch.clear();
        if (driver.receive(batch) == 0) {
            return null;
        }
        byte[] frame = new byte[batch.length(0)];
        memory.bytes().get(batch.offset(0), frame);
        driver.supply(batch);
        return frame;
    }

    /**
     * Counts the frames that have arrived and throws them away.
     *
     * @return number of frames
     */
    public int discardAll() {
        int count = 0;
        batch.clear();
        while (driver.receive(batch) > 0) {
            driver.supply(batch);
            count++;
        }
        return count;
    }

    /**
     * Returns the driver of the station.
     *
     * @return the driver
     */
    public LinkDriver driver() {
        return driver;
    }

    @Override
    public void close() {
        driver.close();
    }
}

package org.dvm.nodeos.internal.linux.sys;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Waits for input on descriptors, for a time to pass, or for a call from another thread.
 *
 * <p><b>Threads:</b> one waits; any wakes it.
 */
public final class WakeUp implements AutoCloseable {
    // struct pollfd: fd s32, events s16, revents s16
    private static final int POLL_BYTES = 8;
    private static final int POLL_EVENTS = 4;
    private static final int POLL_RETURNED = 6;

    private final int[] inputs;
    private final Descriptor event;
    private final NativeMemory waiting;
    private final NativeMemory counter;
    private final int timeoutAt;

    /**
     * Makes an object that waits for any of several descriptors.
     *
     * @param inputs descriptors, which must stay open
     * @throws LinuxException if the system is out of descriptors or memory
     */
    public WakeUp(int... inputs) throws LinuxException {
        this.inputs = inputs.clone();
        timeoutAt = (inputs.length + 1) * POLL_BYTES;
        try (Resources opening = new Resources()) {
            event = opening.add(Descriptor.own(Libc.eventfd(0, Libc.EFD_CLOEXEC_NONBLOCK), "eventfd"));
            waiting = opening.add(NativeMemory.allocate(timeoutAt + 2 * Long.BYTES));
            counter = NativeMemory.allocate(2 * Long.BYTES);
            opening.keep();
        }
        counter.bytes().putLong(0, 1);
        for (int i = 0; i < inputs.length; i++) {
            waiting.bytes().putInt(i * POLL_BYTES, inputs[i]);
        }
        waiting.bytes().putInt(inputs.length * POLL_BYTES, event.number());
        for (int i = 0; i <= inputs.length; i++) {
            waiting.bytes().putShort(i * POLL_BYTES + POLL_EVENTS, Libc.POLLIN);
        }
    }

    /**
     * Waits.
     *
     * @param timeoutNanos longest wait
     */
    public void await(long timeoutNanos) {
        ByteBuffer poll = waiting.bytes();
        long nanos = Math.max(0, timeoutNanos);
        poll.putLong(timeoutAt, nanos / TimeUnit.SECONDS.toNanos(1));
        poll.putLong(timeoutAt + Long.BYTES, nanos % TimeUnit.SECONDS.toNanos(1));
        int ready = Libc.ppoll(waiting.address(), inputs.length + 1L, waiting.address() + timeoutAt, 0);
        if (ready > 0 && poll.getShort(inputs.length * POLL_BYTES + POLL_RETURNED) != 0) {
            Libc.read(event.number(), counter.address() + Long.BYTES, Long.BYTES);
        }
    }

    /** Ends the wait under way, or the next one. */
    public void wake() {
        Libc.write(event.number(), counter.address(), Long.BYTES);
    }

    /** Gives the descriptor and the memory back; nobody may wait or wake any more. */
    @Override
    public void close() {
        event.close();
        waiting.close();
        counter.close();
    }
}

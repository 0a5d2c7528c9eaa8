package org.dvm.nodeos.link;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that goes on only when it is told to. <b>Threads:</b> any thread. */
public final class SimulatedClock implements NodeClock {
    private final AtomicLong nanos = new AtomicLong();

    /** Makes a clock that shows 0. */
    public SimulatedClock() {}

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /**
     * Lets time pass.
     *
     * @param duration how much, not negative
     */
    public void advance(Duration duration) {
        advanceNanos(duration.toNanos());
    }

    /**
     * Lets time pass.
     *
     * @param duration how much, in nanoseconds, not negative
     */
    public void advanceNanos(long duration) {
        if (duration < 0) {
            throw new IllegalArgumentException("time does not go back: duration=" + duration);
        }
        nanos.addAndGet(duration);
    }
}

package org.dvm.examples.filter;

import java.util.function.LongConsumer;

/** The application of the example. */
public final class Sleeper implements LongConsumer {
    /** Makes one that isn't asleep. */
    public Sleeper() {}

    @Override
    public void accept(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("millis=" + millis);
        }
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}

package org.dvm.jmh.forwarding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.dvm.nodeos.lab.Processor;

/**
 * Tells whether processors run at their full speed.
 *
 * <p>A processor of a virtual machine is a hyperthread, and whoever has the other one of the core takes up to half of its
 * speed, for seconds, unseen by the guest: no time is stolen, everything just takes twice as long. A thread bound to each
 * processor times a loop of independent additions of a few microseconds two hundred times a second. It touches no memory,
 * and of three tries the middle one counts, so that neither interrupts nor other threads of this machine matter.
 *
 * <p><b>Threads:</b> any.
 */
final class SpeedGauge implements AutoCloseable {
    /** Of the speed that one sample in twenty exceeds; a neighbour takes up to half of it, other things less than a tenth. */
    private static final double FULL = 0.88;

    private static final double EXCEEDING = 0.05;

    private static final long PERIOD_NANOS = 5_000_000;
    private static final double BIN = 0.01;
    private static final int BINS = 1000;
    private static final int STEPS = 4000;
    private static final int WARM_UP_TRIES = 20_000;

    private static final VarHandle FULL_SPEED;

    static {
        try {
            FULL_SPEED = MethodHandles.lookup().findVarHandle(SpeedGauge.class, "fullSpeed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final List<Thread> threads = new ArrayList<>();

    @SuppressWarnings("UnusedVariable") // through FULL_SPEED: until a sample falls short
    private boolean fullSpeed = true;

    private volatile boolean stopping;

    /** Begins to watch processors. */
    SpeedGauge(int... processors) {
        for (int processor : processors) {
            Thread thread = new Thread(() -> new Watch(processor).watch(), "speed-gauge-" + processor);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** One processor; used by its own thread. */
    private final class Watch {
        private final int processor;
        private final long[] samples = new long[BINS];
        private long sampled;

        @SuppressWarnings("UnusedVariable") // written, so that the additions are made
        private long sum;

        Watch(int processor) {
            this.processor = processor;
        }

        void watch() {
            Processor.pin(processor);
            for (int i = 0; i < WARM_UP_TRIES; i++) {
                sum += add(STEPS);
            }
            while (!stopping) {
                double speed = middle(speed(), speed(), speed());
                if (speed < FULL * usual(speed)) {
                    FULL_SPEED.setOpaque(SpeedGauge.this, false);
                }
                LockSupport.parkNanos(PERIOD_NANOS);
            }
        }

        /** Adds a sample and returns the speed that few samples exceed. */
        private double usual(double speed) {
            samples[Math.min((int) (speed / BIN), samples.length - 1)]++;
            sampled++;
            int bin = samples.length - 1;
            for (long above = samples[bin]; above < EXCEEDING * sampled; above += samples[bin]) {
                bin--;
            }
            return bin * BIN;
        }

        /** Returns steps a nanosecond. */
        private double speed() {
            long begin = System.nanoTime();
            sum += add(STEPS);
            return (double) STEPS / (System.nanoTime() - begin);
        }
    }

    private static double middle(double a, double b, double c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private static long add(int steps) {
        long a = steps;
        long b = 1;
        long c = 2;
        long d = 3;
        for (int i = 0; i < steps; i++) {
            a = (a + i) ^ 0x11;
            b = (b + i) ^ 0x22;
            c = (c + i) ^ 0x44;
            d = (d + i) ^ 0x88;
        }
        return a ^ b ^ c ^ d;
    }

    /** Returns whether the processors have run at full speed since the last call. */
    boolean wasFull() {
        return (boolean) FULL_SPEED.getAndSet(this, true);
    }

    /** Stops watching, and waits for that unless interrupted. */
    @Override
    public void close() {
        stopping = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

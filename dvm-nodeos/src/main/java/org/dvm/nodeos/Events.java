package org.dvm.nodeos;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.dvm.nodeos.link.NodeClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in a domain at a time or on demand: timers and posted events, delivered one after another in one thread of
 * the domain.
 *
 * <p><b>Threads:</b> any thread.
 */
public final class Events {
    /** Most events that wait in a domain. */
    public static final int MOST_WAITING = 1024;

    /** Most timers that a domain has. */
    public static final int MOST_TIMERS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final long WAIT_MILLIS = 100;

    private final Domain domain;
    private final TimerQueue timers;
    private final NodeClock clock;
    private final boolean manual;
    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicInteger timerCount = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private boolean started;

    Events(Domain domain, TimerQueue timers, NodeClock clock, boolean manual) {
        this.domain = domain;
        this.timers = timers;
        this.clock = clock;
        this.manual = manual;
    }

    /**
     * Delivers an event.
     *
     * @param event what to do; what it throws is logged and counted
     * @return false if {@link #MOST_WAITING} events wait or the domain is destroyed; the event is lost and counted
     */
    public boolean post(Runnable event) {
        Objects.requireNonNull(event, "event");
        if (domain.state() == DomainState.TERMINATED || !waiting.offer(event)) {
            lost.incrementAndGet();
            return false;
        }
        start();
        return true;
    }

    /**
     * Delivers an event later.
     *
     * @param delay how much later, by the node's clock
     * @param event what to do
     * @return the timer
     * @throws ResourceException if the domain has {@link #MOST_TIMERS} timers
     */
    public Timer after(Duration delay, Runnable event) {
        return add(delay, Duration.ZERO, event);
    }

    /**
     * Delivers an event again and again. A domain that is late gets one event for all the times that it missed.
     *
     * @param period time from one to the next, positive; the first comes after one period
     * @param event what to do
     * @return the timer
     * @throws ResourceException if the domain has {@link #MOST_TIMERS} timers
     */
    public Timer every(Duration period, Runnable event) {
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("period must be positive: period=" + period);
        }
        return add(period, period, event);
    }

    private Timer add(Duration delay, Duration period, Runnable event) {
        Objects.requireNonNull(event, "event");
        domain.checkpoint();
        if (timerCount.incrementAndGet() > MOST_TIMERS) {
            timerCount.decrementAndGet();
            throw new ResourceException("timer", MOST_TIMERS + 1L, MOST_TIMERS);
        }
        return timers.add(this, event, clock.nanoTime() + Math.max(0, delay.toNanos()), period.toNanos());
    }

    void timerEnded() {
        timerCount.decrementAndGet();
    }

    /** Starts the thread that delivers, once. */
    void start() {
        synchronized (this) {
            if (started || manual) {
                return;
            }
            domain.mainThreads().start(this::loop);
            started = true;
        }
    }

    private void loop() {
        while (true) {
            domain.checkpoint();
            Runnable event = next();
            if (event != null) {
                deliver(event);
            } else if (Thread.currentThread().isInterrupted() && !domain.isRunning()) {
                domain.checkpoint();
            }
        }
    }

    private @Nullable Runnable next() {
        domain.block();
        try {
            return waiting.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return null; // a destroyed domain is noticed at the checkpoint
        } finally {
            domain.unblock();
        }
    }

    /** Delivers what waits, in the running thread: for nodes that are polled by hand. */
    void deliverAll() {
        Runnable event = domain.isRunning() ? waiting.poll() : null;
        while (event != null) {
            deliver(event);
            event = domain.isRunning() ? waiting.poll() : null;
        }
    }

    private void deliver(Runnable event) {
        try {
            event.run();
        } catch (DomainTerminatedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (failures.getAndIncrement() == 0) {
                LOG.warn("event of {} failed; further failures are counted", domain.path(), e);
            }
        }
    }

    /**
     * Returns how many events found no place.
     *
     * @return events lost since the domain was created
     */
    public long lost() {
        return lost.get();
    }

    /**
     * Returns how many events have thrown.
     *
     * @return failures since the domain was created
     */
    public long failures() {
        return failures.get();
    }

    void stop() {
        timers.removeAll(this);
        waiting.clear();
    }
}

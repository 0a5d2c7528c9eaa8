package org.dvm.runtime.security;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Reports denials: at most some a second for each rule, through a bounded queue to a thread of its own.
 *
 * <p>The thread that is denied never waits for the sink and can't keep an event from it: the event is queued before the
 * exception is thrown, and what doesn't fit is counted and told with the next one.
 *
 * <p><b>Threads:</b> all.
 */
final class Denials {
    /** Reports and stack traces per rule and second. */
    static final int RATE = 20;

    private static final int QUEUE = 4_096;
    private static final int RULES = 4_096;
    private static final long SECOND = 1_000_000_000L;

    /** How often a rule denied in the second that began at {@code start}. */
    private static final class Window {
        final AtomicLong start = new AtomicLong(System.nanoTime());
        final AtomicInteger reported = new AtomicInteger();
        final AtomicLong suppressed = new AtomicLong();

        boolean admits(long now) {
            long began = start.get();
            if (now - began >= SECOND && start.compareAndSet(began, now)) {
                reported.set(0);
            }
            return reported.get() < RATE && reported.incrementAndGet() <= RATE;
        }
    }

    private record Event(Denial denial, long suppressed, boolean permitted) {}

    private final AuditSink sink;
    private final ConcurrentMap<String, Window> windows = new ConcurrentHashMap<>();
    private final Window overflow = new Window();
    private final ConcurrentLinkedQueue<Event> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final Thread reporter;
    private volatile boolean closed;

    Denials(AuditSink sink) {
        this.sink = sink;
        this.reporter = new Thread(null, this::report, "dvm-security-audit", 0, false);
        reporter.setDaemon(true);
        reporter.start();
    }

    /** Reports a denial if its rule's rate allows; returns whether it did. */
    boolean denied(Denial denial) {
        Window window = window(denial.rule());
        if (!window.admits(System.nanoTime())) {
            window.suppressed.incrementAndGet();
            return false;
        }
        offer(new Event(denial, window.suppressed.getAndSet(0), false));
        return true;
    }

    /** Reports an access that a permissive run let through. */
    void permitted(Denial denial) {
        offer(new Event(denial, 0, true));
    }

    private Window window(String rule) {
        Window window = windows.get(rule);
        if (window != null) {
            return window;
        }
        return windows.size() < RULES ? windows.computeIfAbsent(rule, r -> new Window()) : overflow;
    }

    private void offer(Event event) {
        if (queued.incrementAndGet() > QUEUE && !event.permitted()) {
            queued.decrementAndGet();
            lost.addAndGet(1 + event.suppressed());
            return;
        }
        queue.add(event);
        LockSupport.unpark(reporter);
    }

    private void report() {
        Slot.current().busy++; // this thread is the manager's own
        while (!closed || !queue.isEmpty()) {
            Event event = queue.poll();
            if (event == null) {
                LockSupport.parkNanos(this, SECOND);
                continue;
            }
            queued.decrementAndGet();
            deliver(event);
        }
    }

    private void deliver(Event event) {
        try {
            if (event.permitted()) {
                sink.permitted(event.denial());
            } else {
                sink.denied(event.denial(), event.suppressed() + lost.getAndSet(0));
            }
        } catch (Throwable t) { // a sink's failure must not end the reports
            lost.incrementAndGet();
        }
    }

    /** Delivers what is queued and ends the thread; waits for it a second at most. */
    void close() {
        closed = true;
        LockSupport.unpark(reporter);
        boolean interrupted = Thread.interrupted();
        try {
            reporter.join(1_000);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

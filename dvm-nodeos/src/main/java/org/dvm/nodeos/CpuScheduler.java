package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.dvm.nodeos.link.NodeClock;
import org.jspecify.annotations.Nullable;

/**
 * Shares processors among accounts in proportion to their weights. A thread runs domain code only while it has one of as
 * many slots as there are processors; when it has used up its quantum and another account is behind, it gives its slot up
 * in its next call into the node.
 *
 * <p>Each account has a virtual time that advances by CPU time divided by weight; the slot goes to the waiting thread whose
 * account is furthest behind. An account that wakes up begins at the present virtual time: idleness is not saved up, and
 * what an idle account leaves goes to the others.
 *
 * <p>A thread that does not call the node can't be stopped on a stock JVM. When it has overrun its quantum by far, its slot
 * no longer counts, so that the others run beside it, by grace of the operating system; what it used is charged when it
 * calls again, and it waits until the others have caught up.
 *
 * @paper Janos 2.2, 3.1.5
 */
final class CpuScheduler {
    /** CPU time that one thread uses before another one may have its turn. */
    static final long QUANTUM_NANOS = 2_000_000;

    private static final long STALL_NANOS = 10 * QUANTUM_NANOS;
    private static final double NANOS_PER_SECOND = 1e9;

    /** What a group of threads has used and what it may. */
    static final class Account {
        private double share;
        private double virtual;
        private int active;
        private long usedNanos;

        Account(long cpuNanosPerSecond) {
            this.share = shareOf(cpuNanosPerSecond);
        }

        private static double shareOf(long cpuNanosPerSecond) {
            return Math.max(1, cpuNanosPerSecond) / NANOS_PER_SECOND;
        }
    }

    private final int slots;
    private final NodeClock clock;
    private final ToLongFunction<Thread> cpuMeter;
    private final List<DomainThread> running = new ArrayList<>();
    private final List<DomainThread> waiting = new ArrayList<>();
    private int stalled;
    private double present;
    private volatile boolean contended;

    /**
     * Makes a scheduler.
     *
     * @param cpuMeter reads the CPU time of a thread in nanoseconds; called by that thread
     */
    CpuScheduler(int slots, NodeClock clock, ToLongFunction<Thread> cpuMeter) {
        this.slots = slots;
        this.clock = clock;
        this.cpuMeter = cpuMeter;
    }

    synchronized void weigh(Account account, long cpuNanosPerSecond) {
        account.share = Account.shareOf(cpuNanosPerSecond);
    }

    /** Returns how many threads wait for a slot. */
    synchronized int waitingThreads() {
        return waiting.size();
    }

    synchronized long usedNanos(Account account) {
        return account.usedNanos;
    }

    /** Waits until the running thread may run domain code. */
    void enter(DomainThread thread) {
        thread.meterNanos = cpuMeter.applyAsLong(thread);
        synchronized (this) {
            Account account = thread.account;
            if (account.active++ == 0) {
                account.virtual = Math.max(account.virtual, present);
            }
            line(thread);
        }
        awaitTurn(thread);
    }

    private void line(DomainThread thread) {
        thread.mayRun = false;
        waiting.add(thread);
        dispatch();
    }

    private void awaitTurn(DomainThread thread) {
        boolean interrupted = false;
        while (!thread.mayRun) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // else park returns at once
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    /** Gives the slot up: the thread is going to wait for something, or ends. */
    void leave(DomainThread thread) {
        long cpu = cpuMeter.applyAsLong(thread);
        synchronized (this) {
            charge(thread, cpu);
            release(thread);
            thread.account.active--;
            dispatch();
        }
    }

    private void release(DomainThread thread) {
        running.remove(thread);
        if (thread.stalled) {
            thread.stalled = false;
            stalled--;
        }
    }

    /** Called in each call into the node: gives others their turn when the quantum is used up. */
    void tick(DomainThread thread) {
        long now = clock.nanoTime();
        if (now - thread.sliceStartNanos < QUANTUM_NANOS) {
            return;
        }
        thread.sliceStartNanos = now;
        long cpu = cpuMeter.applyAsLong(thread);
        synchronized (this) {
            charge(thread, cpu);
            if (!mustYield(thread)) {
                return;
            }
            release(thread);
            line(thread); // its account stays active: it keeps its place in virtual time
        }
        awaitTurn(thread);
    }

    private boolean mustYield(DomainThread thread) {
        if (thread.stalled) {
            return true;
        }
        for (DomainThread other : waiting) {
            if (other.account.virtual < thread.account.virtual) {
                return true;
            }
        }
        return false;
    }

    private void charge(DomainThread thread, long cpuNanos) {
        long used = Math.max(0, cpuNanos - thread.meterNanos);
        thread.meterNanos = cpuNanos;
        thread.account.usedNanos += used;
        thread.account.virtual += used / thread.account.share;
    }

    /** Lets others run beside threads that have not called the node for long. */
    void relieve() {
        if (!contended) {
            return;
        }
        long now = clock.nanoTime();
        synchronized (this) {
            for (DomainThread thread : running) {
                if (!thread.stalled && now - thread.sliceStartNanos > STALL_NANOS) {
                    thread.stalled = true;
                    stalled++;
                }
            }
            dispatch();
        }
    }

    private void dispatch() {
        while (!waiting.isEmpty() && running.size() - stalled < slots) {
            DomainThread next = furthestBehind();
            if (next == null) {
                break;
            }
            waiting.remove(next);
            running.add(next);
            present = Math.max(present, next.account.virtual);
            next.sliceStartNanos = clock.nanoTime();
            next.mayRun = true;
            LockSupport.unpark(next);
        }
        contended = !waiting.isEmpty();
    }

    private @Nullable DomainThread furthestBehind() {
        DomainThread best = null;
        for (DomainThread thread : waiting) {
            if (best == null || thread.account.virtual < best.account.virtual) {
                best = thread;
            }
        }
        return best;
    }
}

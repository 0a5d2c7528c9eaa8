package org.dvm.nodeos;

/** A thread of a domain, with what the scheduler knows of it. */
final class DomainThread extends Thread {
    /** Pages charged for a thread: its stack. */
    static final long PAGES = 64;

    private static final long STACK_BYTES = PAGES * MemoryPool.PAGE_BYTES;

    final CpuScheduler scheduler;
    final CpuScheduler.Account account;

    /** CPU time of this thread that is charged already; used by this thread only. */
    long meterNanos;

    /** When the present slice began, by the node's clock. */
    volatile long sliceStartNanos;

    /** Set with the scheduler's lock. */
    volatile boolean mayRun;

    /** With the scheduler's lock: runs without counting. */
    boolean stalled;

    DomainThread(String name, CpuScheduler scheduler, CpuScheduler.Account account, Runnable body) {
        super(null, body, name, STACK_BYTES, false);
        this.scheduler = scheduler;
        this.account = account;
        setDaemon(true);
    }

    @Override
    public void run() {
        scheduler.enter(this);
        try {
            super.run();
        } finally {
            scheduler.leave(this);
        }
    }
}

package org.dvm.nodeos;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of a domain that share one guarantee of CPU time. A pool serves the whole domain ({@link #start}) or one input
 * channel ({@link #serve}), so a domain can divide its CPU time among its channels.
 *
 * <p>Threads are charged to the domain's memory pool while they are alive. A thread whose domain is destroyed is
 * interrupted, and every call of it into the node throws {@link DomainTerminatedException}.
 *
 * <p><b>Threads:</b> any thread.
 *
 * @paper Janos 3.1.5
 */
public final class ThreadPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadPool.class);
    private static final long WAIT_NANOS = 100_000_000;

    private final Domain domain;
    private final ThreadSpec spec;
    private final CpuScheduler scheduler;
    private final CpuScheduler.Account account;
    private final Set<DomainThread> threads = new HashSet<>();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean closed;

    ThreadPool(Domain domain, ThreadSpec spec, CpuScheduler scheduler) {
        this.domain = domain;
        this.spec = spec;
        this.scheduler = scheduler;
        this.account = new CpuScheduler.Account(spec.cpuNanosPerSecond());
    }

    /**
     * Returns what the pool was opened with.
     *
     * @return the specification
     */
    public ThreadSpec spec() {
        return spec;
    }

    /**
     * Starts a thread.
     *
     * @param body what it does; what it throws is logged and ends the thread
     * @throws ResourceException if the pool has its maximum of threads or the memory pool has no pages for one
     * @throws IllegalStateException if the pool is closed
     */
    public void start(Runnable body) {
        Objects.requireNonNull(body, "body");
        domain.checkpoint();
        DomainThread thread = new DomainThread(
                domain.path() + "/" + spec.name() + "-" + started.incrementAndGet(),
                scheduler,
                account,
                () -> run(body));
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("thread pool is closed: " + spec.name());
            }
            if (threads.size() >= spec.maxThreads()) {
                throw new ResourceException("thread of pool " + spec.name(), threads.size() + 1L, spec.maxThreads());
            }
            domain.memoryPool().charge(DomainThread.PAGES);
            threads.add(thread);
        }
        boolean running = false;
        try {
            thread.start();
            running = true;
        } finally {
            if (!running) {
                ended(thread);
            }
        }
    }

    /**
     * Starts a thread that takes packets from a channel and hands them to a handler until the channel, the pool or the
     * domain is closed.
     *
     * @param channel a channel of the domain
     * @param handler what to do with the packets
     * @throws ResourceException if the pool has its maximum of threads or the memory pool has no pages for one
     */
    public void serve(InputChannel channel, PacketHandler handler) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(handler, "handler");
        start(() -> loop(channel, handler));
    }

    private void loop(InputChannel channel, PacketHandler handler) {
        PacketBuffer[] packets = new PacketBuffer[Port.BATCH];
        while (!closed && channel.isOpen()) {
            int count;
            try {
                count = channel.receive(packets, WAIT_NANOS);
            } catch (IllegalStateException e) {
                return; // the channel was closed while we waited
            }
            if (count > 0) {
                handle(handler, packets, count);
            }
        }
    }

    private void handle(PacketHandler handler, PacketBuffer[] packets, int count) {
        try {
            handler.handle(packets, count);
        } catch (DomainTerminatedException e) {
            throw e;
        } catch (RuntimeException e) {
            if (domain.state() == DomainState.TERMINATED) {
                return; // its buffers were revoked under it; the next call into the node ends the thread
            }
            if (failures.getAndIncrement() == 0) {
                LOG.warn("packet handler of {}/{} failed; further failures are counted", domain.path(), spec.name(), e);
            }
            for (int i = 0; i < count; i++) {
                if (packets[i].isHeld()) {
                    packets[i].release();
                }
            }
        }
    }

    private void run(Runnable body) {
        try {
            body.run();
        } catch (DomainTerminatedException e) {
            LOG.debug("thread of {} unwound after its domain was destroyed", domain.path());
        } catch (RuntimeException | Error e) {
            if (domain.state() == DomainState.TERMINATED) {
                LOG.debug("thread of {} ended with its domain", domain.path(), e);
            } else if (failures.getAndIncrement() == 0) {
                LOG.warn("thread of {}/{} ended by failure", domain.path(), spec.name(), e);
            }
        } finally {
            ended((DomainThread) Thread.currentThread());
        }
    }

    private void ended(DomainThread thread) {
        synchronized (this) {
            threads.remove(thread);
            notifyAll();
        }
        domain.memoryPool().discharge(DomainThread.PAGES);
    }

    /**
     * Returns how many handlers and threads have failed.
     *
     * @return failures since the pool was opened
     */
    public long failures() {
        return failures.get();
    }

    /**
     * Returns the number of threads.
     *
     * @return threads that are alive
     */
    public synchronized int threads() {
        return threads.size();
    }

    /**
     * Returns the CPU time that the pool's threads have been charged.
     *
     * @return nanoseconds; what a running thread uses is added at least each quantum of 2 ms in which it calls the node
     */
    public long cpuNanos() {
        return scheduler.usedNanos(account);
    }

    void weigh(long cpuNanosPerSecond) {
        scheduler.weigh(account, cpuNanosPerSecond);
    }

    /** Interrupts the pool's threads and starts no more. They end at their next call into the node. */
    @Override
    public void close() {
        domain.close(this);
    }

    boolean isClosed() {
        return closed;
    }

    synchronized void stop() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }

    /** Waits for the threads to end; the running thread isn't waited for. Returns how many are left. */
    synchronized int awaitEnd(long nanos) {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        int own = Thread.currentThread() instanceof DomainThread thread && threads.contains(thread) ? 1 : 0;
        long left = nanos;
        while (threads.size() > own && left > 0) {
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = deadline - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return threads.size();
    }
}

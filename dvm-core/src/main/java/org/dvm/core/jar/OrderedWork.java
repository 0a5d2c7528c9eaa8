package org.dvm.core.jar;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tasks that run in parallel and whose results are consumed in the order in which they were submitted, by the thread
 * that submits them.
 *
 * <p>The submitting thread works, too: it runs the task whose result is due if nobody has started it, and while another
 * thread is at that one, the ones behind it. So a task may submit tasks of its own to the same pool and wait for them:
 * every wait is for a task that another thread is running, and since a thread starts tasks of its own queue only, waits
 * lead deeper and never back. Confined to a thread; the pool is shared.
 */
final class OrderedWork<R> {
    /** Takes a result. */
    interface Consumer<R> {
        void accept(R result) throws IOException;
    }

    private static final class Pending<R> extends FutureTask<R> {
        private final long cost;
        private final AtomicBoolean started = new AtomicBoolean();

        Pending(Callable<R> work, long cost) {
            super(work);
            this.cost = cost;
        }

        boolean isUnstarted() {
            return !started.get();
        }

        @Override
        public void run() {
            if (started.compareAndSet(false, true)) {
                super.run();
            }
        }
    }

    private final Executor pool;
    private final int window;
    private final long windowCost;
    private final Consumer<R> consumer;
    private final Deque<Pending<R>> pending = new ArrayDeque<>();
    private long pendingCost;

    /**
     * Makes a queue of tasks.
     *
     * @param pool runs tasks besides this thread; with a window of 1 it isn't asked
     * @param window how many tasks may be started and not consumed
     * @param windowCost how large the sum of their costs may be; one task may cost more
     */
    OrderedWork(Executor pool, int window, long windowCost, Consumer<R> consumer) {
        this.pool = pool;
        this.window = window;
        this.windowCost = windowCost;
        this.consumer = consumer;
    }

    void submit(long cost, Callable<R> work) throws IOException {
        while (!pending.isEmpty() && (pending.size() >= window || pendingCost + cost > windowCost)) {
            consumeFirst();
        }
        Pending<R> task = new Pending<>(work, cost);
        pending.add(task);
        pendingCost += cost;
        if (window > 1) {
            try {
                pool.execute(task);
            } catch (RejectedExecutionException e) {
                task.run(); // the pool is shutting down
            }
        }
    }

    void finish() throws IOException {
        while (!pending.isEmpty()) {
            consumeFirst();
        }
    }

    /** Gives up what hasn't been consumed; to be called when an exception ends the work. */
    void abandon() {
        pending.forEach(each -> each.cancel(false));
        pending.clear();
    }

    private void consumeFirst() throws IOException {
        Pending<R> first = pending.remove();
        pendingCost -= first.cost;
        first.run(); // does nothing where another thread has started it
        while (!first.isDone() && runNext()) {
            // goes on until the result is there or everything behind it is in work
        }
        consumer.accept(resultOf(first));
    }

    /** Runs the first task that nobody has started, if there is one. */
    private boolean runNext() {
        for (Pending<R> next : pending) {
            if (next.isUnstarted()) {
                next.run();
                return true;
            }
        }
        return false;
    }

    private R resultOf(Pending<R> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while rewriting").initCause(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("rewriting failed: " + cause, cause);
        }
    }
}

package org.dvm.core.jar;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.repository.ClassRepository;

/** What one rewriting shares among its archives and threads. */
final class Session implements AutoCloseable {
    /** How many unpacked bytes may be in work at once, for all threads together. */
    static final long WINDOW_BYTES = 64L << 20;

    private static final int WINDOW_TASKS_PER_JOB = 64;

    final ClassProcessor processor;
    final ClassRepository classes;
    final Limits limits;
    final OnFailure onFailure;
    final Packers packers;
    final ExecutorService pool;

    /** How many tasks may be started and not consumed; 1 where everything runs in one thread. */
    final int window;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger entries = new AtomicInteger();

    Session(
            ClassProcessor processor,
            ClassRepository classes,
            Limits limits,
            OnFailure onFailure,
            int jobs,
            int compressionLevel) {
        this.processor = processor;
        this.classes = classes;
        this.limits = limits;
        this.onFailure = onFailure;
        this.packers = new Packers(compressionLevel);
        this.window = jobs == 1 ? 1 : jobs * WINDOW_TASKS_PER_JOB;
        // The thread that asks works, too: it runs the task that it waits for.
        this.pool = Executors.newFixedThreadPool(Math.max(1, jobs - 1), work -> {
            Thread thread = new Thread(work, "dvm-rewrite");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Counts an archive against the limits that all archives share. */
    void charge(ZipDirectory directory, String source) throws RefusedArchiveException {
        long size = 0;
        for (ZipDirectory.Entry entry : directory.entries()) {
            size += entry.size();
            if (size < 0) {
                size = Long.MAX_VALUE / 2;
            }
        }
        int count = directory.entries().size();
        if (entries.addAndGet(count) > limits.entries()) {
            throw new RefusedArchiveException(
                    ArchiveRule.LIMIT_EXCEEDED,
                    source,
                    "with its " + count + " entries there are more than the limit of " + limits.entries());
        }
        if (bytes.addAndGet(size) > limits.totalBytes()) {
            throw new RefusedArchiveException(
                    ArchiveRule.LIMIT_EXCEEDED,
                    source,
                    "with its " + size + " bytes unpacked there are more than the limit of " + limits.totalBytes());
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
        packers.close();
    }
}

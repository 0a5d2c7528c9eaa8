package org.dvm.runtime.audit;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.dvm.runtime.json.JsonText;

/**
 * Moves events from the rings to the file, for as long as the JVM lives.
 *
 * <p><b>Threads:</b> {@link #run} is the writer thread's; {@link #awaitWritten} and the counts are anybody's.
 */
final class AuditWriter implements Runnable {
    private static final int BATCH_BYTES = 256 << 10;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventRing ring;
    private final EventRing denials;
    private final RotatingFile file;
    private final EventFormat format;
    private final LongAdder lost;
    private final EventRing.Event event = new EventRing.Event();
    private final JsonText text = new JsonText(BATCH_BYTES + 4096);

    private long batchedEvents;
    private long lostShown;
    private long stuckPosition = -1;
    private long stuckSince;
    private boolean complained;
    private volatile long written;
    private volatile int totalsWanted;
    private volatile int totalsWritten;

    AuditWriter(EventRing ring, EventRing denials, RotatingFile file, AuditSettings settings, LongAdder lost) {
        this.ring = ring;
        this.denials = denials;
        this.file = file;
        this.lost = lost;
        this.format = new EventFormat(settings.session(), Instant.now(), System.nanoTime());
    }

    long written() {
        return written;
    }

    @Override
    public void run() {
        format.sessionStart(System.nanoTime(), text);
        while (true) {
            try {
                int totals = totalsWanted;
                boolean busy = fillBatch();
                if (!busy && totals != totalsWritten) {
                    format.totals(System.nanoTime(), "totals", written + batchedEvents, lost.sum(), text);
                }
                writeBatch();
                if (!busy) {
                    totalsWritten = totals;
                    LockSupport.parkNanos(this, IDLE_NANOS);
                }
            } catch (OutOfMemoryError | RuntimeException e) {
                // The application is in trouble, or a bug is in here: drop the batch, say so in the counts, go on.
                dropBatch();
                LockSupport.parkNanos(this, RETRY_NANOS);
            }
        }
    }

    /** Formats events, denials first, until the batch is full or the rings are empty; returns whether more may be waiting. */
    private boolean fillBatch() {
        while (text.length() < BATCH_BYTES) {
            if (!denials.poll(event) && !ring.poll(event)) {
                return passStuckSlot();
            }
            batchedEvents++;
            format.event(event, text);
        }
        return true;
    }

    /** Gives up on a slot whose producer has not published for a second; returns whether it did. */
    private boolean passStuckSlot() {
        long position = ring.stuckPosition();
        long now = System.nanoTime();
        if (position < 0 || position != stuckPosition) {
            stuckPosition = position;
            stuckSince = now;
            return false;
        }
        if (now - stuckSince < STUCK_NANOS || !ring.retireStuckSlot()) {
            return false;
        }
        lost.increment();
        return true;
    }

    private void writeBatch() {
        long lostNow = lost.sum();
        if (lostNow != lostShown) {
            format.totals(System.nanoTime(), "lost", written + batchedEvents, lostNow, text);
            lostShown = lostNow;
        }
        if (text.length() == 0) {
            return;
        }
        try {
            file.append(text.array(), text.length());
            written += batchedEvents; // this thread alone writes it
            batchedEvents = 0;
            text.clear();
        } catch (IOException e) {
            complain(e);
            dropBatch();
            LockSupport.parkNanos(this, RETRY_NANOS);
        }
    }

    private void dropBatch() {
        lost.add(batchedEvents);
        batchedEvents = 0;
        text.clear();
    }

    private void complain(IOException e) {
        if (!complained) {
            complained = true;
            System.err.println("dvm: audit events can't be written and are lost until that is mended: " + e + " (set "
                    + AuditSettings.FILE + " to another file)");
        }
    }

    /**
     * Waits until what was in the ring is in the file, followed by a line of totals.
     *
     * @return whether that happened in time
     */
    boolean awaitWritten(long timeout, TimeUnit unit) {
        int wanted;
        synchronized (this) {
            wanted = ++totalsWanted;
        }
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        while (totalsWritten - wanted < 0) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }
}

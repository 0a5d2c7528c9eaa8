package org.dvm.runtime.audit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Bounded queue of events from many threads to one.
 *
 * <p><b>Threads:</b> any thread calls {@link #offer}; one thread calls {@link #poll} and {@link #retireStuckSlot}.
 * No call waits for another thread.
 */
final class EventRing extends EventRingTail {
    /*
     * Each slot has a sequence number that says whose turn it is (D. Vyukov's bounded queue): `position` - free for the
     * producer of that position; `position + 1` - published for the consumer; `position + capacity` - free for the next
     * lap. A producer owns a slot from its step of `tail` until it publishes.
     *
     * A producer can die in between: a StackOverflowError strikes wherever a frame no longer fits. Between claim and
     * publication stand only array stores and one VarHandle call as deep as those that have just succeeded, and should
     * it happen all the same, the consumer retires the slot: it is never used again, so that a producer that was merely
     * slow can't write into somebody else's event; its publication fails and the event counts as lost.
     */

    /** Sequence of a slot that is out of use; no position ever reaches it. */
    private static final long RETIRED = Long.MIN_VALUE;

    private static final int REFERENCES = 3;

    private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(EventRingTailField.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int mask;
    private final long[] sequences;
    private final long[] times;
    private final byte[] kinds;
    private final @Nullable Object[] references;

    private long head;
    private int retired;

    /**
     * Makes an empty ring.
     *
     * @param capacity the number of slots, a power of two from 2 to 2^24
     */
    EventRing(int capacity) {
        if (capacity < 2 || capacity > 1 << 24 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two from 2 to 2^24: capacity=" + capacity);
        }
        mask = capacity - 1;
        sequences = new long[capacity];
        times = new long[capacity];
        kinds = new byte[capacity];
        references = new @Nullable Object[capacity * REFERENCES];
        for (int slot = 0; slot < capacity; slot++) {
            sequences[slot] = slot;
        }
    }

    int capacity() {
        return mask + 1;
    }

    /**
     * Adds an event.
     *
     * @return whether it was added; false where the ring is full
     */
    // Hot path: no allocation, no locks, no logging.
    boolean offer(byte kind, long nanoTime, Thread thread, String method, @Nullable String thrown) {
        final long[] sequences = this.sequences;
        final int mask = this.mask;
        long position = (long) TAIL.getOpaque(this);
        while (true) {
            long sequence = (long) SEQUENCE.getAcquire(sequences, (int) position & mask);
            if (sequence == position) {
                if (TAIL.compareAndSet(this, position, position + 1)) {
                    break;
                }
            } else if (sequence == RETIRED) {
                TAIL.compareAndSet(this, position, position + 1);
            } else if (sequence < position) {
                return false;
            }
            position = (long) TAIL.getOpaque(this);
        }
        final int slot = (int) position & mask;
        final @Nullable Object[] references = this.references;
        final int reference = slot * REFERENCES;
        kinds[slot] = kind;
        times[slot] = nanoTime;
        references[reference] = thread;
        references[reference + 1] = method;
        references[reference + 2] = thrown;
        return SEQUENCE.compareAndSet(sequences, slot, position, position + 1); // pairs with getAcquire in poll
    }

    /**
     * Takes the oldest event.
     *
     * @param into receives the event
     * @return whether there was one; false where the ring is empty or the next event is not published yet
     */
    boolean poll(Event into) {
        skipRetiredSlots();
        int slot = (int) head & mask;
        if ((long) SEQUENCE.getAcquire(sequences, slot) != head + 1) {
            return false;
        }
        int reference = slot * REFERENCES;
        into.kind = kinds[slot];
        into.nanoTime = times[slot];
        into.thread = (Thread) references[reference];
        into.method = (String) references[reference + 1];
        into.thrown = (String) references[reference + 2];
        references[reference] = null;
        references[reference + 1] = null;
        references[reference + 2] = null;
        SEQUENCE.setRelease(sequences, slot, head + mask + 1); // pairs with getAcquire in offer
        head++;
        return true;
    }

    private void skipRetiredSlots() {
        while (retired > 0
                && head < (long) TAIL.getAcquire(this)
                && (long) SEQUENCE.getAcquire(sequences, (int) head & mask) == RETIRED) {
            head++;
        }
    }

    /** Returns the position of an event that was claimed and not published, -1 where the consumer waits for none. */
    long stuckPosition() {
        boolean claimed = head < (long) TAIL.getAcquire(this);
        return claimed && (long) SEQUENCE.getAcquire(sequences, (int) head & mask) == head ? head : -1;
    }

    /**
     * Gives up on the event for which the consumer waits. Half of the slots stay in use whatever happens.
     *
     * @return whether the slot was retired; false where it was published in the meantime
     */
    boolean retireStuckSlot() {
        if (retired >= capacity() / 2 || stuckPosition() < 0) {
            return false;
        }
        boolean won = SEQUENCE.compareAndSet(sequences, (int) head & mask, head, RETIRED);
        if (won) {
            retired++;
            head++;
        }
        return won;
    }

    /** Claims a slot and never publishes, as a producer does that dies; for tests. */
    void claimWithoutPublishing() {
        TAIL.getAndAdd(this, 1L);
    }

    /** An event as it leaves the ring; reused from one {@link #poll} to the next. */
    static final class Event {
        byte kind;
        long nanoTime;

        @Nullable
        Thread thread;

        @Nullable
        String method;

        @Nullable
        String thrown;
    }
}

/** Keeps the producers' {@code tail} 128 bytes away from every other field: prefetchers fetch lines in pairs. */
class EventRingFrontPadding {
    long p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15, p16;
}

class EventRingTailField extends EventRingFrontPadding {
    volatile long tail;
}

class EventRingTail extends EventRingTailField {
    long q01, q02, q03, q04, q05, q06, q07, q08, q09, q10, q11, q12, q13, q14, q15, q16;
}

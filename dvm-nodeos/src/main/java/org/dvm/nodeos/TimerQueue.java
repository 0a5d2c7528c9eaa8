package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** All timers of a node, by the node's clock. */
final class TimerQueue {
    /** One timer. */
    final class Entry implements Timer, Comparable<Entry> {
        private final long number = ++count;
        private final Events target;
        private final Runnable event;
        private final long periodNanos;
        private long dueNanos;

        Entry(Events target, Runnable event, long dueNanos, long periodNanos) {
            this.target = target;
            this.event = event;
            this.dueNanos = dueNanos;
            this.periodNanos = periodNanos;
        }

        @Override
        public boolean cancel() {
            synchronized (TimerQueue.this) {
                boolean removed = entries.remove(this);
                if (removed) {
                    target.timerEnded();
                }
                return removed;
            }
        }

        @Override
        public int compareTo(Entry other) {
            int order = Long.compare(dueNanos - other.dueNanos, 0);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long count;

    synchronized Timer add(Events target, Runnable event, long dueNanos, long periodNanos) {
        Entry entry = new Entry(target, event, dueNanos, periodNanos);
        entries.add(entry);
        return entry;
    }

    synchronized void removeAll(Events target) {
        entries.removeIf(entry -> entry.target == target);
    }

    /** Hands what is due to the domains' events. */
    void fire(long now) {
        List<Entry> due = new ArrayList<>();
        synchronized (this) {
            Entry first = entries.peek();
            while (first != null && first.dueNanos - now <= 0) {
                due.add(entries.remove());
                first = entries.peek();
            }
            for (Entry entry : due) {
                if (entry.periodNanos > 0) {
                    // A late timer fires once, not once for each period missed.
                    long missed = Math.max(0, (now - entry.dueNanos) / entry.periodNanos);
                    entry.dueNanos += (missed + 1) * entry.periodNanos;
                    entries.add(entry);
                } else {
                    entry.target.timerEnded();
                }
            }
        }
        due.forEach(entry -> entry.target.post(entry.event));
    }
}

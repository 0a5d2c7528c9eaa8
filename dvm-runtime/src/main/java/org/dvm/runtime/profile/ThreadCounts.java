package org.dvm.runtime.profile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one thread: an open-addressed table from a method's key to its count.
 *
 * <p>Keys are constants of the running code and interned by the JVM, so that identity finds them; a key that is equal
 * but not the same object takes another place and is added up when the counts are read.
 *
 * <p><b>Threads:</b> {@link #count} is the owner's alone; any thread calls {@link #addTo} and sees counts that are
 * exact for what happened before, and at least recent for what goes on.
 */
@SuppressWarnings("ReferenceEquality") // keys are found by identity, see above
final class ThreadCounts {
    private static final VarHandle KEY = MethodHandles.arrayElementVarHandle(String[].class);
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final WeakReference<Thread> owner;
    private volatile Table table = new Table(16);

    ThreadCounts(Thread owner) {
        this.owner = new WeakReference<>(owner);
    }

    /** Returns whether the owner can't count any more; what it counted is then visible to the caller. */
    boolean isFinal() {
        Thread thread = owner.get();
        return thread == null || !thread.isAlive();
    }

    /** Counts one call. */
    // Hot path: no allocation, no locks, no logging.
    void count(String method) {
        final Table table = this.table;
        final @Nullable String[] keys = table.keys;
        final int slot = method.hashCode() & keys.length - 1;
        if (keys[slot] == method) {
            final long[] counts = table.counts;
            COUNT.setOpaque(counts, slot, counts[slot] + 1);
        } else {
            countSlowPath(method, slot);
        }
    }

    private void countSlowPath(String method, int firstSlot) {
        Table table = this.table;
        int mask = table.keys.length - 1;
        int slot = firstSlot;
        while (table.keys[slot] != method) {
            if (table.keys[slot] == null) {
                if (table.used >= table.keys.length / 2) {
                    table = table.grown();
                    this.table = table;
                    countSlowPath(method, method.hashCode() & table.keys.length - 1);
                    return;
                }
                table.used++;
                KEY.setRelease(table.keys, slot, method); // pairs with getAcquire in addTo
                break;
            }
            slot = slot + 1 & mask;
        }
        COUNT.setOpaque(table.counts, slot, table.counts[slot] + 1);
    }

    /** Adds the counts to sums by key. */
    void addTo(Map<String, Long> sums) {
        Table table = this.table;
        for (int slot = 0; slot < table.keys.length; slot++) {
            String key = (String) KEY.getAcquire(table.keys, slot);
            if (key != null) {
                sums.merge(key, (long) COUNT.getOpaque(table.counts, slot), Long::sum);
            }
        }
    }

    private static final class Table {
        final @Nullable String[] keys;
        final long[] counts;
        int used;

        Table(int capacity) {
            keys = new @Nullable String[capacity];
            counts = new long[capacity];
        }

        Table grown() {
            Table grown = new Table(keys.length * 2);
            int mask = grown.keys.length - 1;
            for (int from = 0; from < keys.length; from++) {
                String key = keys[from];
                if (key != null) {
                    int slot = key.hashCode() & mask;
                    while (grown.keys[slot] != null) {
                        slot = slot + 1 & mask;
                    }
                    grown.keys[slot] = key;
                    grown.counts[slot] = counts[from];
                    grown.used++;
                }
            }
            return grown;
        }
    }
}

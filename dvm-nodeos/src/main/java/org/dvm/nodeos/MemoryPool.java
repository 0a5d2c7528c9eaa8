package org.dvm.nodeos;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a group of domains, counted in pages. What the node uses on behalf of a domain of the group - packet buffers,
 * queues, threads, pages handed out - is charged here; the limit is the sum of the domains' own limits.
 *
 * <p>When a domain is destroyed, the limit sinks by that domain's part. If the group uses more than is left, nothing new is
 * granted, and the missing pages go back to the parent's pool one by one as the group lets go of them: at no moment are
 * more pages promised than the node has.
 *
 * <p><b>Threads:</b> any thread.
 *
 * @paper Janos 3.1.3, 3.1.6
 */
public final class MemoryPool {
    /** Size of a page. */
    public static final int PAGE_BYTES = 4096;

    private static final int NEAR_PERCENT = 90;

    /** Pages that this pool still has to give back to another one. */
    private static final class Debt {
        final MemoryPool creditor;
        long pages;

        Debt(MemoryPool creditor, long pages) {
            this.creditor = creditor;
            this.pages = pages;
        }
    }

    private final String name;
    private final Deque<Debt> debts = new ArrayDeque<>();
    private long limit;
    private long used;
    private boolean near;
    private @Nullable Runnable nearLimit;

    MemoryPool(String name, long limit) {
        this.name = name;
        this.limit = limit;
    }

    /**
     * Returns the number of pages that a number of bytes takes.
     *
     * @param bytes bytes, not negative
     * @return pages, rounded up
     */
    public static long pagesFor(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    /**
     * Returns what the group may use.
     *
     * @return pages
     */
    public synchronized long limitPages() {
        return limit;
    }

    /**
     * Returns what the group uses.
     *
     * @return pages; above the limit only after a domain of the group was destroyed
     */
    public synchronized long usedPages() {
        return used;
    }

    /** Sets what is called at each crossing of nine tenths of the limit; called under locks of the node. */
    synchronized void onNearLimit(Runnable callBack) {
        nearLimit = callBack;
    }

    /** Charges pages or refuses. */
    void charge(long pages) {
        Runnable callBack;
        synchronized (this) {
            if (pages > limit - used) {
                throw new ResourceException("memory of pool " + name + " in pages", pages, Math.max(0, limit - used));
            }
            used += pages;
            callBack = crossed();
        }
        call(callBack);
    }

    void discharge(long pages) {
        Deque<Debt> payable = new ArrayDeque<>();
        synchronized (this) {
            used -= pages;
            long free = pages;
            while (free > 0 && !debts.isEmpty()) {
                Debt debt = debts.peekFirst();
                long paid = Math.min(free, debt.pages);
                debt.pages -= paid;
                free -= paid;
                payable.add(new Debt(debt.creditor, paid));
                if (debt.pages == 0) {
                    debts.removeFirst();
                }
            }
            near = isNear();
        }
        payable.forEach(debt -> debt.creditor.grow(debt.pages));
    }

    synchronized void grow(long pages) {
        limit += pages;
        near = isNear();
    }

    /** Takes pages away for another pool, or refuses. */
    synchronized void checkCanShrink(long pages) {
        if (pages > limit - used) {
            throw new ResourceException("memory of pool " + name + " in pages", pages, Math.max(0, limit - used));
        }
    }

    /** Takes pages away; those in use follow when they are let go of. */
    void shrink(long pages, MemoryPool creditor) {
        long paid;
        Runnable callBack;
        synchronized (this) {
            paid = Math.max(0, Math.min(pages, limit - used));
            limit -= pages;
            if (paid < pages) {
                debts.addLast(new Debt(creditor, pages - paid));
            }
            callBack = crossed();
        }
        creditor.grow(paid);
        call(callBack);
    }

    private boolean isNear() {
        return used > 0 && used * 100 >= limit * NEAR_PERCENT;
    }

    private @Nullable Runnable crossed() {
        boolean was = near;
        near = isNear();
        return near && !was ? nearLimit : null;
    }

    private static void call(@Nullable Runnable callBack) {
        if (callBack != null) {
            callBack.run();
        }
    }

    @Override
    public synchronized String toString() {
        return name + "[used=" + used + ", limit=" + limit + "]";
    }
}

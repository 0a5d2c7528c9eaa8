package org.dvm.nodeos.click;

/** Calls an action at a time. Made by {@link RouterContext#newTimer}. */
public final class RouterTimer implements Comparable<RouterTimer> {
    private final ClickRouter router;
    private final Runnable action;
    private long dueNanos;
    private boolean set;

    RouterTimer(ClickRouter router, Runnable action) {
        this.router = router;
        this.action = action;
    }

    /** Sets the timer to a time of {@link RouterContext#nanoTime}; a time set earlier is forgotten. */
    public void setAt(long nanos) {
        clear();
        dueNanos = nanos;
        set = true;
        router.timers().add(this);
    }

    /** Sets the timer to so many nanoseconds from now. */
    public void setAfter(long nanos) {
        setAt(router.nanoTime() + nanos);
    }

    /** Forgets the time set. */
    public void clear() {
        if (set) {
            set = false;
            router.timers().remove(this);
        }
    }

    /** Returns whether a time is set. */
    public boolean isSet() {
        return set;
    }

    /** Returns the time set. */
    public long dueNanos() {
        return dueNanos;
    }

    void fire() {
        set = false;
        action.run();
    }

    @Override
    public int compareTo(RouterTimer other) {
        return Long.signum(dueNanos - other.dueNanos);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

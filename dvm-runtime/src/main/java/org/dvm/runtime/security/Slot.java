package org.dvm.runtime.security;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a thread knows about itself: whom it acts for now, and whether it is checking.
 *
 * <p><b>Threads:</b> a thread reads and changes its own slot only.
 */
final class Slot {
    /*
     * Every check and every entry into restricted code begins here, so finding the slot must cost next to nothing.
     * A field of Thread can't be added to a running JVM, and a thread-local variable takes six dependent loads. So slots
     * of threads that were here lately stand in a table, at the place that the thread's number says. The JVM gives a
     * number out once, it is a final field that restricted code can't write, and a slot is only used if the number in it
     * is the thread's own: a wrong or missing entry costs a look into the map of all threads, never a wrong subject.
     * What a thread's end leaves in the table refers to nothing of that thread.
     *
     * The map, not a thread-local variable, is what stands behind the table: pools erase variables of their threads.
     */

    private static final int PLACES = 4_096;

    /** The number of a thread; null where the manager was not given access to it, then only the map is used. */
    private static final @Nullable VarHandle NUMBER = FieldAccess.field(Thread.class, "tid", long.class);

    private static final @Nullable Slot[] RECENT = new @Nullable Slot[PLACES];
    private static final WeakIdentityMap<Slot> ALL = new WeakIdentityMap<>();

    /** No other thread than the slot's own has this number; 0 until it is known. */
    private long thread;

    Subject subject;

    /** Above zero while the thread runs the enforcement manager itself, which isn't checked. */
    int busy;

    // The permit that was used last on an open file: streams are read again and again.
    private @Nullable Subject lastSubject;
    private @Nullable Permission lastPermission;
    private @Nullable String lastName;
    private long lastStamp;

    private Slot(Subject subject) {
        this.subject = subject;
    }

    /**
     * Returns the slot of the thread that asks.
     *
     * <p>Hot path: no allocation, no lock.
     */
    static Slot current() {
        VarHandle handle = NUMBER;
        if (handle != null) {
            long number = (long) handle.get(Thread.currentThread());
            Slot slot = RECENT[(int) number & (PLACES - 1)];
            if (slot != null && slot.thread == number) {
                return slot;
            }
        }
        return find();
    }

    private static Slot find() {
        Thread thread = Thread.currentThread();
        Slot slot = ALL.get(thread);
        if (slot == null) {
            slot = new Slot(Subjects.birthOf(thread));
            ALL.put(thread, slot);
        }
        VarHandle handle = NUMBER;
        if (handle != null) {
            long number = (long) handle.get(thread);
            if (number != 0) { // it is while the JVM constructs the object of a native thread that joins it
                slot.thread = number;
                RECENT[(int) number & (PLACES - 1)] = slot;
            }
        }
        return slot;
    }

    /** Returns whether the last permit is this one. */
    @SuppressWarnings("ReferenceEquality") // others only cost a look into the cache
    boolean remembers(Permission permission, String name, long stamp) {
        return lastName == name && lastPermission == permission && lastSubject == subject && lastStamp == stamp;
    }

    /** Keeps the last permit; it was asked for under a stamp read before. */
    void remember(Permission permission, String name, long stamp) {
        lastName = name;
        lastPermission = permission;
        lastSubject = subject;
        lastStamp = stamp;
    }
}

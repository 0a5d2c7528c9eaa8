package org.dvm.runtime.security;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The subject of each thread: whom it acts for now.
 *
 * <p>Code of a restricted subject narrows the thread's subject where control enters it and gives back the former one
 * where control leaves, so that at any moment the thread's subject is the intersection of all callers and of whoever
 * created the thread: what walking the stack would find, for the price of reading a variable. A callback can't widen
 * it, and a deputy acts with no more than its caller has.
 *
 * <p><b>Threads:</b> each thread sees and changes its own subject only.
 */
public final class Subjects {
    /** Whom threads, pools and unnamed channels were created by; the system, where nothing was noted. */
    private static final WeakIdentityMap<Subject> BIRTHS = new WeakIdentityMap<>();

    private Subjects() {}

    /**
     * Narrows the thread's subject: called where control enters code of a restricted subject.
     *
     * <p>Hot path: no allocation, no lock.
     *
     * @param identifier name of the code's security identifier
     * @return what {@link #leave} must be given, null if nothing changed
     */
    public static @Nullable Object enter(String identifier) {
        Slot slot = Slot.current();
        Subject now = slot.subject;
        if (now.includes(identifier)) {
            return null;
        }
        slot.subject = now.with(identifier);
        return now;
    }

    /**
     * Gives the thread its former subject back: called where control leaves.
     *
     * @param former what {@link #enter} returned
     */
    public static void leave(@Nullable Object former) {
        if (former != null) {
            Slot.current().subject = (Subject) former;
        }
    }

    /** Returns what {@link #leave} must be given for the thread to act for whom it acts now. */
    public static Object now() {
        return Slot.current().subject;
    }

    /**
     * Makes a new thread act for whoever creates it: called by the constructors of {@link Thread}.
     *
     * @param thread the thread that is being constructed
     */
    public static void inherit(Thread thread) {
        Subject creator = EnforcementManager.subjectOf(thread, creator());
        if (!creator.equals(Subject.SYSTEM)) {
            BIRTHS.put(thread, creator);
        }
    }

    /**
     * Makes a new pool, timer, channel, class loader or deferred call belong to whoever creates it: called by its
     * constructors.
     *
     * @param object what is being constructed
     */
    public static void own(Object object) {
        Subject creator = creator();
        if (!creator.equals(Subject.SYSTEM)) {
            BIRTHS.put(object, creator);
        }
    }

    /** Returns whom what is being created acts for; initializers of trusted classes work for everybody. */
    private static Subject creator() {
        Subject subject = Slot.current().subject;
        return subject.equals(Subject.SYSTEM) || EnforcementManager.isInitializing() ? Subject.SYSTEM : subject;
    }

    /**
     * Lets the thread act for the owner of something that works for its owner, whoever calls it: a pool that makes a
     * thread (tasks narrow it themselves), a class loader that reads the jars it was made for.
     *
     * @param owned what {@link #own} was told of, or else the system's
     * @return what {@link #leave} must be given
     */
    public static Object ownerOf(Object owned) {
        Slot slot = Slot.current();
        Subject former = slot.subject;
        slot.subject = birthOf(owned);
        return former;
    }

    /**
     * Lets the thread act for whoever made something, besides those it acts for already: for what carries out later what
     * its maker has chosen, such as a call that is described by names.
     *
     * @param owned what {@link #own} was told of, or else the system's
     * @return what {@link #leave} must be given, null if nothing changed
     */
    @SuppressWarnings("ReferenceEquality") // every subject exists once
    public static @Nullable Object join(Object owned) {
        if (!Subject.existsAny()) {
            return null;
        }
        Subject maker = birthOf(owned);
        if (maker == Subject.SYSTEM) {
            return null;
        }
        Slot slot = Slot.current();
        Subject former = slot.subject;
        Subject both = former.with(maker.toString());
        if (both == former) {
            return null;
        }
        slot.subject = both;
        return former;
    }

    /**
     * Runs a task as a subject, besides those that the thread acts for already. For hosts that give a user or a
     * session a subject of its own.
     *
     * @param identifier name of the security identifier
     * @param task what to run
     * @return what the task returns
     */
    public static <T extends @Nullable Object> T callAs(String identifier, Supplier<T> task) {
        Object former = enter(identifier);
        try {
            return task.get();
        } finally {
            leave(former);
        }
    }

    /**
     * Returns the names of the security identifiers that something belongs to: a pool, a class loader or whatever else
     * {@link #own} was told of. Empty if it is the system's.
     */
    public static List<String> ownersOf(Object object) {
        return List.of(birthOf(object).identifiers());
    }

    /** Returns whom an object was created by. */
    static Subject birthOf(Object object) {
        Subject creator = BIRTHS.get(object);
        return creator == null ? Subject.SYSTEM : creator;
    }

    /** Returns whether an object was created by a subject, or by one that is restricted further. */
    static boolean isOwn(Subject subject, Object object) {
        Subject creator = birthOf(object);
        for (String identifier : subject.identifiers()) {
            if (!creator.includes(identifier)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the names of the thread's security identifiers, joined by {@code &}; {@code system} if it has none. */
    public static String current() {
        return Slot.current().subject.toString();
    }

    /** Runs a task as exactly one subject, whatever the thread acted for. */
    static <T extends @Nullable Object> T callExactlyAs(Subject subject, Supplier<T> task) {
        Slot slot = Slot.current();
        Subject former = slot.subject;
        slot.subject = subject;
        try {
            return task.get();
        } finally {
            slot.subject = former;
        }
    }
}

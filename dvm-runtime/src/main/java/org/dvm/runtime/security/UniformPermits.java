package org.dvm.runtime.security;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The permissions that every restricted subject of this process has on every resource: for those a check needn't ask
 * for whom the thread acts.
 *
 * <p>A flag holds only for the subjects that were known and the policy that was in force when it was found: before
 * another identifier comes into being, and before a change of policy is acknowledged, all flags are taken back. Flags
 * are plain volatile booleans rather than switch points: taking one back stops no thread, and the bodies of JDK methods
 * that read them need no method handles.
 *
 * <p><b>Threads:</b> all. {@link #holds} is free of locks; whoever changes anything holds the lock for a few stores and
 * never while policy is asked.
 */
final class UniformPermits {
    /** Permissions whose hashes meet in one place: the later one is asked for by subject. */
    private static final int PLACES = 4_096;

    /** With more identifiers than that the question isn't worth its price. */
    private static final int MAX_IDENTIFIERS = 256;

    private static final class Flag {
        final String permission;
        volatile boolean holds;

        Flag(String permission) {
            this.permission = permission;
        }
    }

    private static final Object LOCK = new Object();
    private static final @Nullable Flag[] FLAGS = new @Nullable Flag[PLACES];

    /** All that are restricted, since the process began; guarded by the lock. */
    private static final Set<String> IDENTIFIERS = new HashSet<>();

    /** The flags that may be up; guarded by the lock. */
    private static final List<Flag> RAISED = new ArrayList<>();

    /** Counts what takes flags back; guarded by the lock. */
    private static long changes;

    private UniformPermits() {}

    /**
     * Returns whether everybody has a permission on everything.
     *
     * <p>Hot path: no allocation, no lock, no thread-local variable.
     */
    @SuppressWarnings("ReferenceEquality") // inserted code passes interned literals; others only miss
    static boolean holds(String permission) {
        Flag flag = FLAGS[place(permission)];
        return flag != null && flag.permission == permission && flag.holds;
    }

    private static int place(String permission) {
        int hash = permission.hashCode();
        return (hash ^ (hash >>> 12)) & (PLACES - 1);
    }

    /** Makes an identifier known, before any thread acts for it. */
    static void admit(String identifier) {
        synchronized (LOCK) {
            if (IDENTIFIERS.add(identifier)) {
                takeBack();
            }
        }
    }

    /** Takes all flags back; when it returns, no check that begins is permitted by one of them. */
    static void forget() {
        synchronized (LOCK) {
            takeBack();
        }
    }

    private static void takeBack() {
        changes++;
        for (Flag flag : RAISED) {
            flag.holds = false;
        }
        RAISED.clear();
    }

    /** What a question is asked by; it counts only while this is still who decides. */
    interface Judge {
        /** Returns whether an identifier has the permission on every resource. */
        boolean allowsEverywhere(String identifier);

        /** Returns whether this judge is in force. */
        boolean isInForce();
    }

    /** Raises a permission's flag if everybody has it on everything. */
    static void consider(String permission, Judge judge) {
        long before;
        String[] identifiers;
        synchronized (LOCK) {
            if (IDENTIFIERS.size() > MAX_IDENTIFIERS) {
                return;
            }
            before = changes;
            identifiers = IDENTIFIERS.toArray(new String[0]);
        }
        for (String identifier : identifiers) {
            if (!judge.allowsEverywhere(identifier)) {
                return;
            }
        }
        String interned = permission.intern();
        synchronized (LOCK) {
            // Who came in between may lack it, and what the policy said then may not hold now.
            if (changes == before && judge.isInForce()) {
                raise(interned);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // both are interned
    private static void raise(String permission) {
        int place = place(permission);
        Flag flag = FLAGS[place];
        if (flag == null) {
            flag = new Flag(permission);
            FLAGS[place] = flag;
        }
        if (flag.permission == permission && !flag.holds) {
            RAISED.add(flag);
            flag.holds = true;
        }
    }
}

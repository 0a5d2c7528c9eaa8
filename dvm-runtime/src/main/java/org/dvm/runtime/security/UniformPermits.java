package org.dvm.runtime.security;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the permissions that every restricted subject of this process has on every resource: for those a check needn't
 * ask for whom the thread acts.
 *
 * <p>{@linkplain Permission#heldByAll The flag} holds only for the subjects that were known and the policy that was in
 * force when it was found: before another identifier comes into being, and before a change of policy is acknowledged, all
 * flags are taken back. Flags are volatile booleans rather than switch points: taking one back stops no thread, and the
 * bodies of JDK methods that read them need no method handles.
 *
 * <p><b>Threads:</b> all. Reading a flag takes no lock; whoever changes anything holds the lock for a few stores and
 * never while policy is asked.
 */
final class UniformPermits {
    /** With more identifiers than that the question isn't worth its price. */
    private static final int MAX_IDENTIFIERS = 256;

    private static final Object LOCK = new Object();

    /** All that are restricted, since the process began; guarded by the lock. */
    private static final Set<String> IDENTIFIERS = new HashSet<>();

    /** Those whose flags are up; guarded by the lock. */
    private static final List<Permission> RAISED = new ArrayList<>();

    /** Counts what takes flags back; guarded by the lock. */
    private static long changes;

    private UniformPermits() {}

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
        for (Permission permission : RAISED) {
            permission.heldByAll = false;
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
    static void consider(Permission permission, Judge judge) {
        long before;
        String[] identifiers;
        synchronized (LOCK) {
            if (permission.heldByAll || IDENTIFIERS.size() > MAX_IDENTIFIERS) {
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
        synchronized (LOCK) {
            // Who came in between may lack it, and what the policy said then may not hold now.
            if (changes == before && judge.isInForce() && !permission.heldByAll) {
                RAISED.add(permission);
                permission.heldByAll = true;
            }
        }
    }
}

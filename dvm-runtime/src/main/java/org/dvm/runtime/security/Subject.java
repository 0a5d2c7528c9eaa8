package org.dvm.runtime.security;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom a thread acts for: a set of security identifiers, all of which must be allowed an access. The empty set is the
 * system itself, which nothing restricts.
 *
 * <p>Every set exists once, so that a thread's subject is one reference and has one cache of permits.
 *
 * <p><b>Threads:</b> all. The cache is written without synchronization: a permit is immutable and published through
 * final fields, and a lost or torn-off entry costs a look-up, never a wrong answer.
 *
 * @paper DVM 3.2
 */
final class Subject {
    private static final ConcurrentMap<String, Subject> ALL = new ConcurrentHashMap<>();

    /** The system: no identifiers, no restrictions. */
    static final Subject SYSTEM = new Subject(new String[0], "system");

    private static final int SLOTS = 1024;

    /** A cached positive answer. It holds only in the generation in which it was asked for. */
    private static final class Permit {
        final String permission;
        final ResourceKind kind;
        final String resource;
        final long generation;

        Permit(String permission, ResourceKind kind, String resource, long generation) {
            this.permission = permission;
            this.kind = kind;
            this.resource = resource;
            this.generation = generation;
        }
    }

    private final String[] identifiers;
    private final String name;
    private final ConcurrentMap<String, Subject> joined = new ConcurrentHashMap<>();
    private final @Nullable Permit[] permits = new @Nullable Permit[SLOTS];

    private Subject(String[] identifiers, String name) {
        this.identifiers = identifiers;
        this.name = name;
    }

    /** Returns the subject that has just one identifier. */
    static Subject of(String identifier) {
        return SYSTEM.with(identifier);
    }

    /** Returns the identifiers, sorted; not a copy, and not to be changed. */
    String[] identifiers() {
        return identifiers;
    }

    /** Returns whether an identifier is one of this subject's. */
    @SuppressWarnings("ReferenceEquality") // a shortcut: inserted code passes interned literals
    boolean includes(String identifier) {
        for (String own : identifiers) {
            if (own == identifier || own.equals(identifier)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the subject that is restricted by this one's identifiers and one more. */
    Subject with(String identifier) {
        Subject known = joined.get(identifier);
        return known != null ? known : join(identifier);
    }

    private Subject join(String identifier) {
        TreeSet<String> all = new TreeSet<>(Arrays.asList(identifiers));
        all.add(identifier.intern());
        String joinedName = String.join("&", all);
        Subject result = ALL.computeIfAbsent(joinedName, n -> new Subject(all.toArray(new String[0]), n));
        joined.put(identifier, result);
        return result;
    }

    /**
     * Returns whether an access was permitted in the generation in force.
     *
     * <p>Hot path: no allocation, no lock. The generation is read once, before the entry: an entry of an older
     * generation never matches.
     */
    @SuppressWarnings("ReferenceEquality") // permissions are interned literals; others only miss the cache
    boolean permits(String permission, ResourceKind kind, String resource, long generation) {
        Permit permit = permits[slot(permission, resource)];
        return permit != null
                && permit.generation == generation
                && permit.permission == permission
                && permit.kind == kind
                && (permit.resource == resource || permit.resource.equals(resource));
    }

    /** Keeps a permit; one of an older generation is refused by never matching. */
    void keep(String permission, ResourceKind kind, String resource, long generation) {
        permits[slot(permission, resource)] = new Permit(permission.intern(), kind, resource, generation);
    }

    private static int slot(String permission, String resource) {
        int hash = permission.hashCode() * 31 + resource.hashCode();
        return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (SLOTS - 1);
    }

    @Override
    public String toString() {
        return name;
    }
}

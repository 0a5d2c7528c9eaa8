package org.dvm.runtime.security;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom a thread acts for: a set of security identifiers, all of which must be allowed an access. The empty set is the
 * system itself, which nothing restricts.
 *
 * <p>Every set exists once, so that a thread's subject is one reference and has one cache of answers.
 *
 * <p><b>Threads:</b> all. The cache is written without synchronization: an answer is immutable and published through
 * final fields, and one that gets lost costs a question, never a wrong answer.
 *
 * @paper DVM 3.2
 */
final class Subject {
    private static final ConcurrentMap<String, Subject> ALL = new ConcurrentHashMap<>();

    /** The system: no identifiers, no restrictions. */
    static final Subject SYSTEM = new Subject(new String[0], "system");

    /** Joins the identifiers of a class that is held to several. */
    private static final String JOINT = "&";

    private static final int SLOTS = 1024;

    private final String[] identifiers;
    private final String name;
    private final ConcurrentMap<String, Subject> joined = new ConcurrentHashMap<>();
    private final @Nullable Answer[] answers = new @Nullable Answer[SLOTS];

    private Subject(String[] identifiers, String name) {
        this.identifiers = identifiers;
        this.name = name;
    }

    /** Returns whether any subject but the system has come into being. */
    static boolean existsAny() {
        return !ALL.isEmpty();
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

    /** Returns the subject that is restricted by this one's identifiers and one more, or several joined by {@code &}. */
    Subject with(String identifier) {
        Subject known = joined.get(identifier);
        return known != null ? known : join(identifier);
    }

    private Subject join(String identifier) {
        EnforcementManager.prepare();
        TreeSet<String> all = new TreeSet<>(Arrays.asList(identifiers));
        for (String part : identifier.split(JOINT)) {
            UniformPermits.admit(part); // before any thread can act for it
            all.add(part.intern());
        }
        String joinedName = String.join(JOINT, all);
        Subject result = ALL.computeIfAbsent(joinedName, n -> new Subject(all.toArray(new String[0]), n));
        joined.put(identifier, result);
        return result;
    }

    /**
     * Returns what was answered under a stamp about a named resource; null if nothing was.
     *
     * <p>Hot path: no allocation, no lock. The stamp was read once, before the entry: one of another stamp never
     * matches.
     */
    @SuppressWarnings("ReferenceEquality") // permissions are interned literals; others only miss the cache
    @Nullable
    Answer answer(String permission, ResourceKind kind, String resource, long stamp) {
        Answer answer = answers[place(permission, resource.hashCode())];
        return answer != null
                        && answer.permission == permission
                        && answer.stamp == stamp
                        && answer.kind == kind
                        && (answer.resource == resource || resource.equals(answer.resource))
                ? answer
                : null;
    }

    /**
     * Returns what was answered under a stamp about a port of an address; null if nothing was. Addresses are told by
     * identity, since equal ones may have different names.
     */
    @SuppressWarnings("ReferenceEquality")
    @Nullable
    Answer answer(String permission, InetAddress address, int port, long stamp) {
        Answer answer = answers[place(permission, System.identityHashCode(address) + port)];
        return answer != null
                        && answer.permission == permission
                        && answer.stamp == stamp
                        && answer.resource == address
                        && answer.port == port
                ? answer
                : null;
    }

    /** Keeps an answer; one of an older stamp is refused by never matching. */
    void keep(Answer answer) {
        int hash = answer.resource instanceof InetAddress
                ? System.identityHashCode(answer.resource) + answer.port
                : answer.resource.hashCode();
        answers[place(answer.permission, hash)] = answer;
    }

    private static int place(String permission, int resourceHash) {
        int hash = permission.hashCode() * 31 + resourceHash;
        return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (SLOTS - 1);
    }

    @Override
    public String toString() {
        return name;
    }
}

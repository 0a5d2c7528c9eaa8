package org.dvm.runtime.security;

import java.lang.invoke.VarHandle;
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

    /** More than the standard set has permissions; those that share a place take turns. */
    private static final int EVERYWHERE_SLOTS = 512;

    /** The hash code that a string keeps once it is known; null where the manager was not given access to it. */
    private static final @Nullable VarHandle HASH = FieldAccess.field(String.class, "hash", int.class);

    private final String[] identifiers;
    private final String name;
    private final ConcurrentMap<String, Subject> joined = new ConcurrentHashMap<>();
    private final @Nullable Answer[] permits = new @Nullable Answer[SLOTS];
    private final @Nullable Answer[] denials = new @Nullable Answer[SLOTS];

    /** What it may do to every resource, by the permission's number. */
    private final @Nullable Answer[] everywhere = new @Nullable Answer[EVERYWHERE_SLOTS];

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
     * Returns whether it was answered under a stamp that the subject may do something to a named resource, and the name
     * is the very object that it was answered for.
     *
     * <p>Hot path: no allocation, no lock, and little code, since it stands in each checked operation. The stamp was read
     * once, before the entry: one of another stamp never matches.
     */
    @SuppressWarnings("ReferenceEquality") // other objects are looked for by mayAlso
    boolean may(Permission permission, ResourceKind kind, String resource, long stamp) {
        VarHandle hash = HASH;
        Answer answer = permits[place(permission, hash == null ? resource.hashCode() : (int) hash.get(resource))];
        return answer != null
                && answer.resource == resource
                && answer.permission == permission
                && answer.kind == kind
                && answer.stamp == stamp;
    }

    /** As {@link #may}, for an equal name and for answers that hold for every resource. */
    boolean mayAlso(Permission permission, ResourceKind kind, String resource, long stamp, long policyStamp) {
        return find(permits, permission, kind, resource, stamp) != null
                // Classes are decided one by one, since no policy opens the manager's own.
                || (kind != ResourceKind.CLASS && mayEverywhere(permission, policyStamp));
    }

    /** Returns the denial that was answered under a stamp about a named resource; null if there is none. */
    @Nullable
    Denial denial(Permission permission, ResourceKind kind, String resource, long stamp) {
        Answer answer = find(denials, permission, kind, resource, stamp);
        return answer == null ? null : answer.denial;
    }

    private static @Nullable Answer find(
            @Nullable Answer[] answers, Permission permission, ResourceKind kind, String resource, long stamp) {
        Answer answer = answers[place(permission, resource.hashCode())];
        return answer != null
                        && answer.permission == permission
                        && answer.stamp == stamp
                        && answer.kind == kind
                        && resource.equals(answer.resource)
                ? answer
                : null;
    }

    /**
     * Returns whether it was answered under a stamp that the subject may do something to a port of an address. Addresses
     * are told by identity, since equal ones may have different names.
     */
    boolean may(Permission permission, InetAddress address, int port, long stamp) {
        return find(permits, permission, address, port, stamp) != null;
    }

    /** Returns the denial that was answered under a stamp about a port of an address; null if there is none. */
    @Nullable
    Denial denial(Permission permission, InetAddress address, int port, long stamp) {
        Answer answer = find(denials, permission, address, port, stamp);
        return answer == null ? null : answer.denial;
    }

    @SuppressWarnings("ReferenceEquality")
    private static @Nullable Answer find(
            @Nullable Answer[] answers, Permission permission, InetAddress address, int port, long stamp) {
        Answer answer = answers[place(permission, System.identityHashCode(address) + port)];
        return answer != null
                        && answer.permission == permission
                        && answer.stamp == stamp
                        && answer.resource == address
                        && answer.port == port
                ? answer
                : null;
    }

    /** Returns whether it was answered under a stamp that the subject may do something to every resource. */
    boolean mayEverywhere(Permission permission, long stamp) {
        Answer answer = everywhere[permission.number & (EVERYWHERE_SLOTS - 1)];
        return answer != null && answer.permission == permission && answer.stamp == stamp;
    }

    /** Keeps that the subject may do something to every resource. */
    void keepEverywhere(Permission permission, long stamp) {
        everywhere[permission.number & (EVERYWHERE_SLOTS - 1)] =
                new Answer(permission, ResourceKind.NONE, "", 0, stamp, null);
    }

    /** Keeps an answer; one of an older stamp is refused by never matching. */
    void keep(Answer answer) {
        int hash = answer.resource instanceof InetAddress
                ? System.identityHashCode(answer.resource) + answer.port
                : answer.resource.hashCode();
        (answer.denial == null ? permits : denials)[place(answer.permission, hash)] = answer;
    }

    private static int place(Permission permission, int resourceHash) {
        int hash = permission.number * 0x9E3779B1 + resourceHash;
        return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (SLOTS - 1);
    }

    @Override
    public String toString() {
        return name;
    }
}

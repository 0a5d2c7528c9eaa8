package org.dvm.runtime.security;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The enforcement manager: caches decisions, asks for those it doesn't have, denies what isn't allowed.
 *
 * <p>Revocation: a policy change draws a new stamp. An answer carries the stamp that was in force <em>before</em> it was
 * asked for, so that one overtaken by a change never matches; a thread that reads the stamp after
 * {@link Installation#policyChanged} has returned never sees an older answer. Answers on names of files have a stamp of
 * their own, which also changes when names may lead elsewhere. What everybody may do everywhere is a flag, taken back
 * before the change is acknowledged.
 *
 * <p>Whatever goes wrong while deciding - an exception, a stack overflow, memory that runs out - ends in a denial or in
 * that error, never in the operation.
 *
 * <p><b>Threads:</b> all.
 *
 * @paper DVM 3.2
 */
public final class EnforcementManager {
    /** What happens to an access that policy doesn't allow. */
    public enum Mode {
        /** It is denied. */
        ENFORCING,
        /** It is let through and reported, to learn what a program needs. */
        PERMISSIVE
    }

    /** The right to tell the manager of changes; only who installed it holds it. */
    public interface Installation extends AutoCloseable {
        /**
         * Forgets all cached decisions. When it returns, no check that starts permits by the former policy.
         */
        void policyChanged();

        /** Ends enforcement: nothing is checked until the next installation. Delivers the audit events queued. */
        @Override
        void close();
    }

    private record State(DecisionSource source, Denials denials, Mode mode, Set<Denial> learnt) {}

    private static final int MAX_LEARNT = 200_000;

    private static final AtomicLong STAMPS = new AtomicLong();
    private static final Object INSTALLING = new Object();

    /** Null while nothing is enforced. */
    private static volatile @Nullable State state;

    /** The stamp of the answers that hold; changes with policy. */
    private static volatile long policyStamp;

    /** The stamp of the answers on names of files that hold; changes with policy and with names of files. */
    private static volatile long nameStamp;

    private EnforcementManager() {}

    /**
     * Starts enforcement.
     *
     * @param source who decides
     * @param sink who receives the security events
     * @param mode whether to deny or to learn
     * @throws IllegalStateException if enforcement has been started already
     */
    public static Installation install(DecisionSource source, AuditSink sink, Mode mode) {
        return install(source, sink, mode, () -> {});
    }

    /**
     * Starts enforcement, where something must be done before anybody is restricted.
     *
     * @param source who decides
     * @param sink who receives the security events
     * @param mode whether to deny or to learn
     * @param preparation run once, as the system, before the first subject comes into being; what it throws keeps that
     *     subject, and the code that acts for it, from being
     * @throws IllegalStateException if enforcement has been started already
     */
    public static Installation install(DecisionSource source, AuditSink sink, Mode mode, Runnable preparation) {
        synchronized (INSTALLING) {
            if (state != null) {
                throw new IllegalStateException("the enforcement manager is installed already");
            }
            State installed =
                    new State(new RememberedSubjects(source), new Denials(sink), mode, ConcurrentHashMap.newKeySet());
            unprepared = new Preparation(installed, preparation);
            policyChanged();
            state = installed;
            if (Subject.existsAny()) {
                prepare();
            }
            return new Handle(installed);
        }
    }

    private record Handle(State installed) implements Installation {
        @Override
        public void policyChanged() {
            EnforcementManager.policyChanged();
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // this very installation
        public void close() {
            synchronized (INSTALLING) {
                if (installed == state) {
                    state = null;
                    EnforcementManager.policyChanged();
                }
            }
            installed.denials.close();
        }
    }

    private record Preparation(State installed, Runnable task) implements Supplier<Boolean> {
        @Override
        public Boolean get() {
            task.run();
            warmUp(installed);
            return true;
        }
    }

    /** What is to be done before the first subject comes into being; null once it is done. */
    private static volatile @Nullable Preparation unprepared;

    /** Called before a subject comes into being. */
    static void prepare() {
        Preparation preparation = unprepared;
        if (preparation != null) {
            callAsSystem(preparation);
            unprepared = null;
        }
    }

    /**
     * Keeps restricted code from changing files, whatever policy says.
     *
     * @param paths absolute, links followed: files, or directories with all below them
     */
    public static void protect(java.util.Collection<String> paths) {
        SelfProtection.protect(paths);
    }

    /** Loads what a check needs, so that no check has to while some class loader's lock is held. */
    private static void warmUp(State installed) {
        Slot slot = Slot.current();
        slot.busy++;
        try {
            StackAuthority.lends(installed.source, Permission.of("warm.up"), "");
            FileNames.resolve("warm-up/../does/not/exist");
            Denial denial = new Denial("none", "warm.up", ResourceKind.NAME, "warm", "warm up", 0);
            java.util.Objects.requireNonNull(
                    new AccessDeniedException(denial, AccessDeniedException.Trace.FULL).getMessage(), "message");
            Subject.SYSTEM.may(Permission.of("warm.up"), ResourceKind.NAME, "warm", 0);
            Resources.warmUp();
            FieldAccess.warmUp();
            installed.source.decide("none", "warm.up", ResourceKind.NONE, "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("the working directory can't be read", e);
        } finally {
            slot.busy--;
        }
    }

    private static synchronized void policyChanged() {
        long stamp = STAMPS.incrementAndGet();
        policyStamp = stamp;
        nameStamp = stamp;
        UniformPermits.forget();
    }

    /** Forgets what names of files led to, since they may lead elsewhere now. */
    static synchronized void namesChanged() {
        if (state != null) {
            nameStamp = STAMPS.incrementAndGet();
        }
    }

    /**
     * Runs a task of the static half as the system, whatever the thread acted for; code of restricted subjects that it
     * calls narrows the subject again.
     */
    public static <T extends @Nullable Object> T callAsSystem(Supplier<T> task) {
        return Subjects.callExactlyAs(Subject.SYSTEM, task);
    }

    /** Returns whether anything is enforced. */
    public static boolean isActive() {
        return state != null;
    }

    /** Returns the stamp in force for answers on a kind of resource; one of another stamp doesn't hold. */
    static long stamp(ResourceKind kind) {
        return kind == ResourceKind.FILE ? nameStamp : policyStamp;
    }

    /** Checks an access to a named resource that nobody was seen to be permitted; returns only if it may happen. */
    static void check(Slot slot, Permission permission, ResourceKind kind, String name, Resources.Naming naming) {
        long stamp = stamp(kind);
        Subject subject = slot.subject;
        if (subject.mayAlso(permission, kind, name, stamp, policyStamp)) {
            return;
        }
        Denial known = subject.denial(permission, kind, name, stamp);
        if (known != null) {
            deny(slot, permission, name, known);
        } else {
            decide(slot, Access.named(permission, kind, name, naming));
        }
    }

    /** Checks an access to a port of an address; returns only if it may happen. */
    static void check(Slot slot, Permission permission, InetAddress address, int port) {
        Subject subject = slot.subject;
        if (subject.mayEverywhere(permission, policyStamp)) {
            return;
        }
        Denial known = subject.denial(permission, address, port, stamp(ResourceKind.HOST));
        if (known != null) {
            deny(slot, permission, known.object(), known);
        } else {
            decide(slot, Access.endPoint(permission, address, port));
        }
    }

    /** Asks for what the cache knows nothing of. */
    private static void decide(Slot slot, Access access) {
        State current = state;
        if (current == null || slot.busy > 0) {
            return;
        }
        Denial denial;
        slot.busy++;
        try {
            denial = ask(current, slot.subject, access);
            if (denial == null || StackAuthority.lends(current.source, access.permission(), access.given())) {
                return;
            }
        } catch (RuntimeException e) {
            denial = failed(slot, access.permission(), access.kind(), access.given(), e);
        } finally {
            slot.busy--;
        }
        deny(current, slot, denial);
    }

    /** Denies what the cache has a denial of; returns if somebody on the stack has the authority. */
    private static void deny(Slot slot, Permission permission, String given, Denial known) {
        State current = state;
        if (current == null || slot.busy > 0) {
            return;
        }
        Denial denial = known;
        slot.busy++;
        try {
            if (StackAuthority.lends(current.source, permission, given)) {
                return;
            }
        } catch (RuntimeException e) {
            denial = failed(slot, permission, known.kind(), given, e);
        } finally {
            slot.busy--;
        }
        deny(current, slot, denial);
    }

    private static Denial failed(
            Slot slot, Permission permission, ResourceKind kind, String given, RuntimeException e) {
        return new Denial(slot.subject.toString(), permission.name, kind, given, "error while deciding: " + e, 0);
    }

    /** Asks for each identifier of a subject, and keeps the answer; returns null if the access may happen. */
    private static @Nullable Denial ask(State current, Subject subject, Access access) {
        long policy = policyStamp;
        long stamp = stamp(access.kind());
        Permission permission = access.permission();
        ResourceKind kind = access.kind();
        String resource = access.naming().resolve(access.given());
        if (SelfProtection.refuses(permission, kind, resource)) {
            return new Denial(
                    subject.toString(), permission.name, kind, resource, "the enforcement manager protects itself", 0);
        }
        boolean everywhere = !SelfProtection.isPartial(permission, kind);
        for (String identifier : subject.identifiers()) {
            Decision decision = current.source.decide(identifier, permission.name, kind, resource);
            if (!decision.allowed()) {
                Denial denial = new Denial(
                        subject.toString(), permission.name, kind, resource, decision.rule(), decision.epoch());
                subject.keep(access.answer(stamp, denial));
                return denial;
            }
            everywhere &= decision.scope() == Decision.Scope.EVERY_RESOURCE;
        }
        subject.keep(access.answer(stamp, null));
        if (everywhere) {
            subject.keepEverywhere(permission, policy);
            UniformPermits.consider(permission, new Everybody(current, permission, kind, resource));
        }
        return null;
    }

    /** Asks whether identifiers have a permission on every resource. */
    private record Everybody(State asked, Permission permission, ResourceKind kind, String resource)
            implements UniformPermits.Judge {
        @Override
        public boolean allowsEverywhere(String identifier) {
            Decision decision = asked.source.decide(identifier, permission.name, kind, resource);
            return decision.allowed() && decision.scope() == Decision.Scope.EVERY_RESOURCE;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // this very installation
        public boolean isInForce() {
            return state == asked;
        }
    }

    private static void deny(State current, Slot slot, Denial denial) {
        boolean reported;
        slot.busy++;
        try {
            if (current.mode == Mode.PERMISSIVE) {
                if (current.learnt.size() < MAX_LEARNT && current.learnt.add(denial)) {
                    current.denials.permitted(denial);
                }
                return;
            }
            reported = current.denials.denied(denial);
        } finally {
            slot.busy--;
        }
        throw new AccessDeniedException(
                denial, reported ? AccessDeniedException.Trace.FULL : AccessDeniedException.Trace.NONE);
    }

    /** Runs a task as the subject of a class, if the policy has the transitions. */
    static <T extends @Nullable Object> T enterPrivileged(Class<?> caller, Supplier<T> task) {
        State current = state;
        Slot slot = Slot.current();
        if (current == null || slot.subject.identifiers().length == 0) {
            return task.get();
        }
        String target;
        Denial denial = null;
        slot.busy++;
        try {
            target = current.source.subjectOf(caller);
            for (String identifier : slot.subject.identifiers()) {
                if (!identifier.equals(target) && !current.source.mayEnter(identifier, target)) {
                    denial = new Denial(
                            identifier,
                            "subject.enter",
                            ResourceKind.NAME,
                            target,
                            "no transition",
                            current.source.epoch());
                    break;
                }
            }
        } finally {
            slot.busy--;
        }
        if (denial != null) {
            deny(current, slot, denial);
        }
        return Subjects.callExactlyAs(target.isEmpty() ? Subject.SYSTEM : Subject.of(target), task);
    }

    /** Returns whether the thread runs an initializer of a trusted class, with only trusted code in between. */
    static boolean isInitializing() {
        State current = state;
        Slot slot = Slot.current();
        if (current == null || slot.busy > 0) {
            return true;
        }
        slot.busy++;
        try {
            return StackAuthority.isInitializing(current.source);
        } finally {
            slot.busy--;
        }
    }

    /** Returns whom a new thread acts for: its creator, restricted by what the policy says of its name. */
    static Subject subjectOf(Thread thread, Subject creator) {
        State current = state;
        if (current == null) {
            return creator;
        }
        String identifier = current.source.subjectOfThread(thread.getName());
        return identifier.isEmpty() ? creator : creator.with(identifier);
    }

    /** Returns whether a class is code of the very subject that a thread acts for, so that it may look into it. */
    static boolean isOwn(Slot slot, Class<?> type) {
        State current = state;
        if (current == null) {
            return false;
        }
        slot.busy++;
        try {
            return !StackAuthority.isJdk(type) && current.source.subjectOf(type).equals(slot.subject.toString());
        } finally {
            slot.busy--;
        }
    }

    /** Returns the permissions that constructors of a class need; none while nothing is enforced. */
    static List<String> permissionsToCreate(String className) {
        State current = state;
        return current == null ? List.of() : current.source.permissionsToCreate(className);
    }

    /** Returns the identifier of a class's code, empty for trusted code or while nothing is enforced. */
    static String subjectOf(Class<?> type) {
        State current = state;
        if (current == null) {
            return "";
        }
        Slot slot = Slot.current();
        slot.busy++;
        try {
            return current.source.subjectOf(type);
        } finally {
            slot.busy--;
        }
    }
}

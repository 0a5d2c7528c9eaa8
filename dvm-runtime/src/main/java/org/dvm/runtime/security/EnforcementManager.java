package org.dvm.runtime.security;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The enforcement manager: caches decisions, asks for those it doesn't have, denies what isn't allowed.
 *
 * <p>Revocation: a policy change starts a new generation. A permit is stamped with the generation that was in force
 * <em>before</em> its decision was asked for, so that an answer overtaken by a change never matches; a thread that reads
 * the generation after {@link Installation#policyChanged} has returned never sees an older permit.
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

    private static final AtomicLong GENERATIONS = new AtomicLong();
    private static final Object INSTALLING = new Object();

    /** Null while nothing is enforced. */
    private static volatile @Nullable State state;

    /** The stamp of the permits that hold; changes with policy and with names of files. */
    private static volatile long generation;

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
        synchronized (INSTALLING) {
            if (state != null) {
                throw new IllegalStateException("the enforcement manager is installed already");
            }
            State installed = new State(source, new Denials(sink), mode, ConcurrentHashMap.newKeySet());
            warmUp(installed);
            nextGeneration();
            state = installed;
            return new Handle(installed);
        }
    }

    private record Handle(State installed) implements Installation {
        @Override
        public void policyChanged() {
            nextGeneration();
        }

        @Override
        public void close() {
            synchronized (INSTALLING) {
                if (installed.equals(state)) {
                    state = null;
                    nextGeneration();
                }
            }
            installed.denials.close();
        }
    }

    /** Loads what a check needs, so that no check has to while some class loader's lock is held. */
    private static void warmUp(State installed) {
        Subjects.Slot slot = Subjects.SLOT.get();
        slot.busy++;
        try {
            StackAuthority.lends(installed.source, "warm.up", "");
            FileNames.resolve("warm-up/../does/not/exist");
            Denial denial = new Denial("none", "warm.up", ResourceKind.NAME, "warm", "warm up", 0);
            java.util.Objects.requireNonNull(
                    new AccessDeniedException(denial, AccessDeniedException.Trace.FULL).getMessage(), "message");
            Resources.warmUp();
            installed.source.decide("none", "warm.up", ResourceKind.NONE, "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("the working directory can't be read", e);
        } finally {
            slot.busy--;
        }
    }

    private static synchronized void nextGeneration() {
        generation = GENERATIONS.incrementAndGet();
    }

    /** Forgets cached decisions, since names of files may lead elsewhere now. */
    static void namesChanged() {
        if (state != null) {
            nextGeneration();
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

    /** Returns the generation in force; a permit of another one doesn't hold. */
    static long generation() {
        return generation;
    }

    /**
     * Decides what the cache doesn't know; returns only if the access may happen.
     *
     * @param given the name by which the access is cached: as the program gave it
     * @param naming how the given name is resolved
     */
    static void decide(
            Subjects.Slot slot, String permission, ResourceKind kind, String given, Resources.Naming naming) {
        State current = state;
        if (current == null || slot.busy > 0) {
            return;
        }
        long before = generation;
        Denial denial;
        slot.busy++;
        try {
            denial = ask(current, slot.subject, permission, kind, given, naming, before);
            if (denial == null || StackAuthority.lends(current.source, permission, given)) {
                return;
            }
        } catch (RuntimeException e) {
            denial = new Denial(slot.subject.toString(), permission, kind, given, "error while deciding: " + e, 0);
        } finally {
            slot.busy--;
        }
        deny(current, slot, denial);
    }

    private static @Nullable Denial ask(
            State current,
            Subject subject,
            String permission,
            ResourceKind kind,
            String given,
            Resources.Naming naming,
            long before) {
        String resource = naming.resolve(given);
        if (SelfProtection.refuses(permission, kind, resource)) {
            return new Denial(
                    subject.toString(), permission, kind, resource, "the enforcement manager protects itself", 0);
        }
        boolean everywhere = true;
        for (String identifier : subject.identifiers()) {
            Decision decision = current.source.decide(identifier, permission, kind, resource);
            if (!decision.allowed()) {
                return new Denial(subject.toString(), permission, kind, resource, decision.rule(), decision.epoch());
            }
            everywhere &= decision.scope() == Decision.Scope.EVERY_RESOURCE && kind != ResourceKind.CLASS;
        }
        subject.keep(permission, everywhere ? ResourceKind.NONE : kind, everywhere ? "" : given, before);
        return null;
    }

    private static void deny(State current, Subjects.Slot slot, Denial denial) {
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
        Subjects.Slot slot = Subjects.SLOT.get();
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
        Subjects.Slot slot = Subjects.SLOT.get();
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

    /** Subjects of classes; they stay what they were when first asked for, as inserted code does. */
    private static final ClassValue<String> CLASS_SUBJECTS = new ClassValue<String>() {
        @Override
        protected String computeValue(Class<?> type) {
            return subjectOf(type);
        }
    };

    /** Returns whether a class is code of the very subject that a thread acts for, so that it may look into it. */
    static boolean isOwn(Subjects.Slot slot, Class<?> type) {
        String[] identifiers = slot.subject.identifiers();
        if (identifiers.length != 1) {
            return false;
        }
        slot.busy++;
        try {
            return !StackAuthority.isJdk(type) && CLASS_SUBJECTS.get(type).equals(identifiers[0]);
        } finally {
            slot.busy--;
        }
    }

    /** Returns the identifier of a class's code, empty for trusted code or while nothing is enforced. */
    static String subjectOf(Class<?> type) {
        State current = state;
        if (current == null) {
            return "";
        }
        Subjects.Slot slot = Subjects.SLOT.get();
        slot.busy++;
        try {
            return current.source.subjectOf(type);
        } finally {
            slot.busy--;
        }
    }
}

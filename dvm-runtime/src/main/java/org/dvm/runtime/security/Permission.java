package org.dvm.runtime.security;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A permission, as inserted checks name it. Each exists once.
 *
 * <p><b>Threads:</b> all.
 */
public final class Permission {
    private static final ConcurrentMap<String, Permission> ALL = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    final String name;

    /** Counts from 0, in the order in which they came up. */
    final int number;

    /** Whether it reaches into classes. */
    final boolean reflective;

    /** Whether it changes files, or where their names lead. */
    final boolean changesFiles;

    /**
     * Whether every restricted subject of this process has it on every resource, so that a check needn't ask for whom
     * the thread acts. {@link UniformPermits} says so and takes it back. At a constant's address: the look costs compiled
     * code a comparison with memory.
     */
    volatile boolean heldByAll;

    private Permission(String name) {
        this.name = name;
        this.number = COUNT.getAndIncrement();
        this.reflective = SelfProtection.isReflective(name);
        this.changesFiles = SelfProtection.changesFiles(name);
    }

    /**
     * Returns the permission of a name.
     *
     * @param name its name, such as {@code file.open.read}
     */
    public static Permission of(String name) {
        Permission known = ALL.get(requireNonNull(name, "name"));
        return known != null ? known : make(name);
    }

    private static synchronized Permission make(String name) {
        Permission known = ALL.get(name);
        if (known == null) {
            known = new Permission(name);
            ALL.put(name, known);
        }
        return known;
    }

    /** Returns its name. */
    @Override
    public String toString() {
        return name;
    }
}

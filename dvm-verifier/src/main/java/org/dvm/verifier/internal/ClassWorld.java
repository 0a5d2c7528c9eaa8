package org.dvm.verifier.internal;

import java.util.concurrent.ConcurrentHashMap;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

/**
 * The other classes, as far as they are known, and what it means that one isn't.
 *
 * <p><b>Threads:</b> safe to share; facts are kept by name for as long as the world lives.
 */
public final class ClassWorld {
    /** What it means that the repository doesn't have a class. */
    public enum Absent {
        /** It doesn't exist: using it is an error. */
        MISSING,
        /** Nobody knows: using it is an assumption. */
        UNKNOWN
    }

    /** Classes nested deeper than this in supertypes go in a circle, or might as well. */
    private static final int MAX_DEPTH = 1000;

    private final ClassRepository repository;
    private final Absent absent;
    private final ConcurrentHashMap<String, ClassFacts> facts = new ConcurrentHashMap<>();

    public ClassWorld(ClassRepository repository, Absent absent) {
        this.repository = repository;
        this.absent = absent;
    }

    Absent absent() {
        return absent;
    }

    /**
     * Returns the name of a class without which that one can't be loaded: itself or a supertype that is missing; null
     * where all are there.
     */
    @Nullable
    String missingFor(String name) {
        return missingFor(name, 0);
    }

    private @Nullable String missingFor(String name, int depth) {
        ClassFacts facts = find(name);
        if (facts == null || depth > MAX_DEPTH) {
            return name;
        }
        if (!facts.isComplete()) {
            String superName = facts.superName();
            String missing = superName == null ? null : missingFor(superName, depth + 1);
            for (int i = 0; missing == null && i < facts.interfaces().length; i++) {
                missing = missingFor(facts.interfaces()[i], depth + 1);
            }
            if (missing != null) {
                return missing;
            }
            facts.setComplete();
        }
        return null;
    }

    /** Returns what is known of a class, or null. */
    @Nullable
    ClassFacts find(String name) {
        if (repository == ClassRepository.EMPTY) {
            return null;
        }
        ClassFacts known = facts.get(name);
        if (known != null) {
            return known;
        }
        RawClass raw = repository.find(name);
        if (raw == null || !raw.className().equals(name)) {
            return null;
        }
        ClassFacts found = new ClassFacts(raw, () -> repository.find(name));
        ClassFacts earlier = facts.putIfAbsent(name, found);
        return earlier == null ? found : earlier;
    }
}

package org.dvm.verifier.internal;

import java.util.ArrayList;
import java.util.List;
import org.dvm.runtime.verify.Facts;
import org.jspecify.annotations.Nullable;

/**
 * A class of a world, for the decisions that static and dynamic component share.
 *
 * <p>Where a supertype isn't known and the world is open, {@link UndecidedException} says so.
 */
final class KnownClass implements Facts {
    /** Supertypes above supertypes end somewhere, unless they go in a circle. */
    private static final int MAX_DEPTH = 1 << 10;

    private final KnownClasses classes;
    private final ClassFacts facts;
    private final int depth;

    KnownClass(KnownClasses classes, ClassFacts facts, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ClassCircularityError(facts.name());
        }
        this.classes = classes;
        this.facts = facts;
        this.depth = depth;
    }

    @Override
    public String name() {
        return facts.name();
    }

    @Override
    public int flags() {
        return facts.flags();
    }

    @Override
    public @Nullable KnownClass superclass() {
        String superName = facts.superName();
        return superName == null ? null : classes.find(superName, depth + 1);
    }

    @Override
    public List<KnownClass> interfaces() {
        List<KnownClass> found = new ArrayList<>(facts.interfaces().length);
        for (String each : facts.interfaces()) {
            found.add(classes.find(each, depth + 1));
        }
        return found;
    }

    @Override
    public int fieldFlags(String name, String descriptor) {
        return facts.fieldFlags(name, descriptor);
    }

    @Override
    public int methodFlags(String name, String descriptor) {
        return facts.methodFlags(name, descriptor);
    }

    @Override
    public boolean isInPackageOf(Facts other) {
        return facts.samePackage(other.name());
    }

    @Override
    public boolean isNestmateOf(Facts other) {
        return other instanceof KnownClass known && nestHost().equals(known.nestHost());
    }

    /** A host that doesn't name the class as a member, or isn't there, isn't its host. */
    private String nestHost() {
        String host = facts.nestHost();
        if (host == null || !facts.samePackage(host)) {
            return name();
        }
        ClassFacts hosting = classes.facts(host);
        return hosting != null && hosting.hasNestMember(name()) ? host : name();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KnownClass known && name().equals(known.name());
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}

package org.dvm.verifier.internal;

import org.dvm.verifier.internal.ClassWorld.Absent;
import org.jspecify.annotations.Nullable;

/** The classes of a world as one of them sees them: itself as it is, whatever the world holds under its name. */
final class KnownClasses {
    private final ClassWorld world;
    private final ClassFacts client;

    KnownClasses(ClassWorld world, ClassFacts client) {
        this.world = world;
        this.client = client;
    }

    KnownClass client() {
        return new KnownClass(this, client, 0);
    }

    /**
     * Returns a class.
     *
     * @throws NoClassDefFoundError if it, or a supertype without which it can't be loaded, doesn't exist
     * @throws UndecidedException if it isn't known whether it does
     */
    KnownClass find(String name, int depth) {
        ClassFacts found = facts(name);
        if (found == null) {
            throw UndecidedException.INSTANCE;
        }
        return new KnownClass(this, found, depth);
    }

    /** Returns what is known of a class; null where that is unknown. */
    @Nullable
    ClassFacts facts(String name) {
        if (name.equals(client.name())) {
            return client;
        }
        ClassFacts found = world.find(name);
        if (world.absent() == Absent.MISSING && (found == null || !found.isComplete())) {
            String missing = world.missingFor(name);
            if (missing != null && !missing.equals(client.name())) {
                throw new NoClassDefFoundError(missing);
            }
        }
        return found;
    }
}

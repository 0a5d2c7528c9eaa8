package org.dvm.verifier.internal;

import org.jspecify.annotations.Nullable;

/** The classes of a world as one of them sees them: itself as it is, whatever the world holds under its name. */
final class KnownClasses {
    private final ClassFacts client;
    private final ClassLoading loading;

    KnownClasses(ClassWorld world, ClassFacts client) {
        this.client = client;
        this.loading = new ClassLoading(world, client);
        loading.setClientLoaded();
    }

    KnownClass client() {
        return new KnownClass(this, client, 0);
    }

    /**
     * Returns a class.
     *
     * @throws LinkageError if it can't be loaded, such as NoClassDefFoundError if it or a supertype doesn't exist
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
        try {
            return loading.load(name);
        } catch (MethodFault fault) {
            throw errorOf(fault);
        }
    }

    private static LinkageError errorOf(MethodFault fault) {
        String message = fault.getMessage();
        return switch (fault.rule().error()) {
            case NO_CLASS_DEF_FOUND -> new NoClassDefFoundError(message);
            case CLASS_CIRCULARITY -> new ClassCircularityError(message);
            case ILLEGAL_ACCESS -> new IllegalAccessError(message);
            case VERIFY -> new VerifyError(message);
            default -> new IncompatibleClassChangeError(message);
        };
    }
}

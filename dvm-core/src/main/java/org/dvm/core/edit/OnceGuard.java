package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

/**
 * A static boolean field that tells whether a snippet has run: the snippet becomes
 * {@code if (!owner.name) { snippet; owner.name = true; }}.
 *
 * <p>Snippets at one place that share a guard are put behind one test and the field is set after the last of them.
 *
 * @param owner internal name of the class that holds the field; it must be accessible from the edited class
 * @param name name of the field, of type boolean
 * @param setter who sets the field
 * @paper DVM figure 3
 */
public record OnceGuard(String owner, String name, Setter setter) {
    /** Who sets a guard's field. */
    public enum Setter {
        /** The guarded snippets, when they have completed. */
        SNIPPET,
        /** Other code: the snippets only test it. So a final field can be the guard, which a JIT compiler folds. */
        OTHER
    }

    /** Checks that nothing is null. */
    public OnceGuard {
        requireNonNull(owner, "owner");
        requireNonNull(name, "name");
        requireNonNull(setter, "setter");
    }

    /** Makes a guard that the guarded snippets set. */
    public OnceGuard(String owner, String name) {
        this(owner, name, Setter.SNIPPET);
    }
}

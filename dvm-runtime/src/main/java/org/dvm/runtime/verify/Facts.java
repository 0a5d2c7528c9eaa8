package org.dvm.runtime.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What link-time checks ask about a class: its flags, supertypes and members.
 *
 * <p>The dynamic component answers for loaded classes, the static one for class files; {@link References} decides for
 * both. Two facts are equal if they are about the same class.
 *
 * @paper DVM 3.1
 */
public interface Facts {
    /** What a member's flags are where there is no such member. */
    int ABSENT = -1;

    /** Returns the internal name. */
    String name();

    /** Returns the access flags of the class file; those that {@code InnerClasses} gives don't count. */
    int flags();

    /**
     * Returns the superclass, or null for java/lang/Object.
     *
     * @throws NoClassDefFoundError if there is none of that name
     */
    @Nullable
    Facts superclass();

    /**
     * Returns the direct superinterfaces.
     *
     * @throws NoClassDefFoundError if one is missing
     */
    List<? extends Facts> interfaces();

    /** Returns the access flags of a field declared here, or {@link #ABSENT}. */
    int fieldFlags(String name, String descriptor);

    /** Returns the access flags of a method declared here, or {@link #ABSENT}. */
    int methodFlags(String name, String descriptor);

    /** Returns whether both classes are in one run-time package. */
    boolean isInPackageOf(Facts other);

    /**
     * Returns whether both classes belong to one nest.
     *
     * @jvms 5.4.4
     */
    boolean isNestmateOf(Facts other);
}

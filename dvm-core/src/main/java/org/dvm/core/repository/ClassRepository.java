package org.dvm.core.repository;

import org.jspecify.annotations.Nullable;

/**
 * Class files by name, for questions about the hierarchy and members of other classes. Nothing is loaded or
 * initialized; what isn't known is null.
 *
 * <p><b>Threads:</b> safe to share.
 */
public interface ClassRepository {
    /** A repository that knows nothing: the open world. */
    ClassRepository EMPTY = internalName -> null;

    /**
     * Returns what is known of a class.
     *
     * @param internalName the name with slashes, such as {@code java/lang/Object}; not an array's
     * @return the class's map, or null where the repository has no such class or it is malformed
     */
    org.dvm.core.classfile.@Nullable RawClass find(String internalName);
}

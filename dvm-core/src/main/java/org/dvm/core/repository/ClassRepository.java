package org.dvm.core.repository;

import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Class files by name, for questions about the hierarchy and members of other classes. Nothing is loaded or
 * initialized; what isn't known is null.
 *
 * <p>{@link ClassRepositories} makes repositories of jars, directories, JDK images and class paths;
 * {@link ClassHierarchy} answers questions about supertypes.
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
    @Nullable
    RawClass find(String internalName);
}

package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

/**
 * A class file and the name of the class in it.
 *
 * @param name the internal name, such as {@code demo/Main}
 * @param bytes the class file; shared, not copied
 */
public record ClassFile(String name, byte[] bytes) {
    /** Checks that nothing is null. */
    public ClassFile {
        requireNonNull(name, "name");
        requireNonNull(bytes, "bytes");
    }
}

package org.dvm.core.repository;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One place that class files are read from by name. */
interface ClassSource extends Closeable {
    /** Returns the class file of that name, or null where this place has none. */
    byte @Nullable [] read(String internalName) throws IOException;
}

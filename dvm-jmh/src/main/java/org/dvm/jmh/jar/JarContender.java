package org.dvm.jmh.jar;

import java.nio.file.Path;

/** A way to put entry and exit probes into every method of a jar. */
interface JarContender {
    /** Returns the name for the table. */
    String name();

    /** Rewrites a jar into another file. */
    void rewrite(Path in, Path out) throws Exception;
}

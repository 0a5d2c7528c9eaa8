package org.dvm.testkit.oracle;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A class file to be judged.
 *
 * @param name the binary name with slashes under which the loader asks for the class; null to take the file's own
 * @param classFile the class file
 * @param others class files that stand before the oracle's world, by name with slashes
 * @param depth how far to go
 */
public record OracleCase(@Nullable String name, byte[] classFile, Map<String, byte[]> others, Depth depth) {
    /** Copies the map. */
    public OracleCase {
        others = Map.copyOf(others);
    }

    /** Returns a case that is defined under its own name and linked. */
    public static OracleCase link(byte[] classFile) {
        return new OracleCase(null, classFile, Map.of(), Depth.LINK);
    }

    /** Returns a case that is defined under its own name and not linked. */
    public static OracleCase define(byte[] classFile) {
        return new OracleCase(null, classFile, Map.of(), Depth.DEFINE);
    }

    /** How far a class is taken. */
    public enum Depth {
        /** Format check and loading of supertypes. */
        DEFINE,
        /** And verification, without initialization. */
        LINK,
        /** And initialization: its code runs. */
        INITIALIZE
    }
}

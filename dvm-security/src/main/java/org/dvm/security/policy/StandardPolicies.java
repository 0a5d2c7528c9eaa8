package org.dvm.security.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The policies that ship with the library, to include as {@code standard:NAME}. */
public final class StandardPolicies {
    private static final List<String> NAMES =
            List.of("operations", "baseline", "plugin-host", "build-tool", "read-only-service", "no-network");

    private StandardPolicies() {}

    /** Returns the names. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Returns a policy by its name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Policy load(String name) {
        try {
            return PolicyReader.parse(text(name), "standard:" + name);
        } catch (PolicyException e) {
            throw new IllegalStateException("a standard policy is broken: " + e.getMessage(), e);
        }
    }

    /** Returns the text of a policy by its name. */
    static byte[] text(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no standard policy is named " + name + ": names=" + NAMES);
        }
        try (InputStream in = StandardPolicies.class.getResourceAsStream(name + ".xml")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

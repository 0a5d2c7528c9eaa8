package org.dvm.core.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.dvm.core.finding.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that should have been a class file and break the format: no filter transforms them.
 *
 * @param bytes all of them; shared, not copied
 * @param source where they come from, such as {@code app.jar!/demo/Main.class}; empty if unknown
 * @param findings what is wrong; at least one
 */
public record MalformedClass(byte[] bytes, String source, List<Finding> findings) {
    private static final String ENTRY = "!/";
    private static final String CLASS = ".class";

    /** Where jars of some kinds have their classes. */
    private static final String ROOTS = "^(META-INF/versions/\\d+/|WEB-INF/classes/|BOOT-INF/classes/)";

    /** Checks and copies. */
    public MalformedClass {
        requireNonNull(bytes, "bytes");
        requireNonNull(source, "source");
        findings = List.copyOf(findings);
    }

    /** Returns the internal name that a class at this place must have; null where the place doesn't say it. */
    public @Nullable String nameBySource() {
        int entry = source.lastIndexOf(ENTRY);
        return entry < 0 || !source.endsWith(CLASS)
                ? null
                : source.substring(entry + ENTRY.length(), source.length() - CLASS.length())
                        .replaceFirst(ROOTS, "");
    }
}

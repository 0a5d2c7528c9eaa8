package org.dvm.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The options that monitoring services share: {@code spec}, or {@code specFile} for a file with it. */
final class SelectorOptions {
    private static final String SPEC = "spec";
    private static final String SPEC_FILE = "specFile";

    private SelectorOptions() {}

    static MethodSelector selector(String service, Map<String, String> options) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(Set.of(SPEC, SPEC_FILE));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "service " + service + " has no option " + unknown + "; it has spec and specFile");
        }
        String spec = options.get(SPEC);
        String file = options.get(SPEC_FILE);
        if (spec != null && file != null) {
            throw new IllegalArgumentException("service " + service + " takes spec or specFile, not both");
        }
        try {
            if (file != null) {
                return MethodSelector.parse(Files.readString(Path.of(file)));
            }
            return spec == null ? MethodSelector.ALL : MethodSelector.parse(spec);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(service + ".specFile can't be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    (file == null ? service + ".spec: " : service + ".specFile " + file + ": ") + e.getMessage(), e);
        }
    }
}

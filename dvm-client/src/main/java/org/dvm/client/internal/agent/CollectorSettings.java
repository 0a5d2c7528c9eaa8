package org.dvm.client.internal.agent;

import java.lang.instrument.Instrumentation;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of the audit collector, which reads them once: at the first event. */
final class CollectorSettings {
    private static final String COLLECTOR = "org.dvm.runtime.audit.Audit";

    private CollectorSettings() {}

    /**
     * Checks that settings aren't changed which nobody reads any more.
     *
     * @throws IllegalArgumentException if one would be
     */
    static void check(Map<String, String> wanted, Instrumentation instrumentation) {
        if (Arrays.stream(instrumentation.getAllLoadedClasses())
                .noneMatch(loaded -> loaded.getName().equals(COLLECTOR))) {
            return;
        }
        wanted.forEach((name, value) -> {
            @Nullable String now = System.getProperty(name);
            if (isCollectors(name) && !value.equals(now)) {
                throw new IllegalArgumentException("the audit collector of this JVM is set up already, " + name + "="
                        + (now == null ? "its default" : now) + " can't become " + value + ": leave it out");
            }
        });
    }

    private static boolean isCollectors(String property) {
        return property.startsWith("dvm.audit.") || property.equals("dvm.session");
    }
}

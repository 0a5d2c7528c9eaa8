package org.dvm.examples.filter;

import java.util.Map;
import java.util.Set;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.Service;

/** Makes the filter known by its name, {@code slow}. */
public final class SlowCallService implements Service {
    private static final Set<String> OPTIONS = Set.of("classes", "millis");

    /** Is called by ServiceLoader. */
    public SlowCallService() {}

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public String description() {
        return "tells about calls that take long";
    }

    @Override
    public ClassTransformer transformer(Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("no such option: " + option + "; there are classes and millis");
            }
        }
        String prefix = options.getOrDefault("classes", "").replace('.', '/');
        return new SlowCallFilter(prefix, Integer.parseInt(options.getOrDefault("millis", "100")));
    }
}

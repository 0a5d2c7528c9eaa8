package org.dvm.monitor;

import java.util.Map;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.Service;

/**
 * Makes the {@link ProfileFilter}. Options: {@code spec}, the rules of a {@link MethodSelector}, or {@code specFile}, a file
 * with them; without either every method is chosen.
 */
public final class ProfileService implements Service {
    static final String NAME = "profile";

    /** For {@link java.util.ServiceLoader}. */
    public ProfileService() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "counts the calls of methods";
    }

    @Override
    public ClassTransformer transformer(Map<String, String> options) {
        return new ProfileFilter(SelectorOptions.selector(NAME, options));
    }
}

package org.dvm.monitor;

import java.util.Map;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.Service;

/**
 * Makes the {@link AuditFilter}. Options: {@code spec}, the rules of a {@link MethodSelector}, or {@code specFile}, a file
 * with them; without either every method is chosen.
 */
public final class AuditService implements Service {
    static final String NAME = "audit";

    /** For {@link java.util.ServiceLoader}. */
    public AuditService() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "writes an event when a method is entered, returns or throws";
    }

    @Override
    public ClassTransformer transformer(Map<String, String> options) {
        return new AuditFilter(SelectorOptions.selector(NAME, options));
    }
}

package org.dvm.verifier;

import java.util.Map;
import java.util.Set;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.Service;

/**
 * Makes the {@link VerifyFilter}. Option {@code world}: {@code known} (the default) decides by the classes that the
 * pipeline knows, {@code open} leaves everything about other classes to link time.
 */
public final class VerifyService implements Service {
    static final String NAME = "verify";

    private static final String WORLD = "world";

    /** For {@link java.util.ServiceLoader}. */
    public VerifyService() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "verifies classes, makes them check their link-time assumptions, replaces those that are unsound";
    }

    @Override
    public ClassTransformer transformer(Map<String, String> options) {
        for (String option : options.keySet()) {
            if (!Set.of(WORLD).contains(option)) {
                throw new IllegalArgumentException("verify has no option '" + option + "'; it has " + WORLD);
            }
        }
        String world = options.getOrDefault(WORLD, "known");
        return switch (world) {
            case "known" -> new VerifyFilter(VerifyFilter.World.KNOWN);
            case "open" -> new VerifyFilter(VerifyFilter.World.OPEN);
            default -> throw new IllegalArgumentException("verify.world must be known or open: world=" + world);
        };
    }
}

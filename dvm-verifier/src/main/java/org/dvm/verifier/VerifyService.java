package org.dvm.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.Service;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link VerifyFilter}. Options:
 *
 * <ul>
 *   <li>{@code world}: {@code known} (the default) decides by the classes that the pipeline knows, {@code open} leaves
 *       everything about other classes to link time;
 *   <li>{@code references}: {@code jvm} (the default) leaves what single instructions assume to the JVM, {@code inserted} checks
 *       it in the code, too;
 *   <li>{@code facts}: {@code attached} (the default) gives every class a table of its facts, {@code none} doesn't.
 * </ul>
 */
public final class VerifyService implements Service {
    static final String NAME = "verify";

    private static final String WORLD = "world";
    private static final String REFERENCES = "references";
    private static final String FACTS = "facts";

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
        Set<String> known = new TreeSet<>(Set.of(WORLD, REFERENCES, FACTS));
        for (String option : options.keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException("verify has no option '" + option + "'; it has " + known);
            }
        }
        return new VerifyFilter(
                choice(options, WORLD, VerifyFilter.World.KNOWN),
                choice(options, REFERENCES, VerifyFilter.ReferenceChecks.JVM),
                choice(options, FACTS, VerifyFilter.FactTables.ATTACHED));
    }

    /** Returns the constant that an option names in small letters. */
    private static <E extends Enum<E>> E choice(Map<String, String> options, String option, E standard) {
        @Nullable String value = options.get(option);
        if (value == null) {
            return standard;
        }
        E[] all = standard.getDeclaringClass().getEnumConstants();
        List<String> names = new ArrayList<>();
        for (E each : all) {
            String name = each.name().toLowerCase(Locale.ROOT);
            if (name.equals(value)) {
                return each;
            }
            names.add(name);
        }
        throw new IllegalArgumentException(
                "verify." + option + " must be one of " + names + ": " + option + "=" + value);
    }
}

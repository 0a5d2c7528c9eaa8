package org.dvm.client.internal.agent;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;

/** The classes that were loaded before the agent came: they are retransformed where the JVM allows it. */
final class LoadedClasses {
    private static final int BATCH = 64;

    private final Instrumentation instrumentation;
    private final AgentTransformer transformer;
    private final AgentReport report;

    LoadedClasses(Instrumentation instrumentation, AgentTransformer transformer, AgentReport report) {
        this.instrumentation = instrumentation;
        this.transformer = transformer;
        this.report = report;
    }

    /**
     * Retransforms in batches, and one by one where a batch fails, so that one class can't spoil the others.
     *
     * @return how many classes are now what the transformers make of them
     */
    long retransform() {
        long done = 0;
        List<Class<?>> batch = new ArrayList<>();
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (isMeant(loaded)) {
                batch.add(loaded);
                if (batch.size() == BATCH) {
                    done += retransform(batch);
                    batch.clear();
                }
            }
        }
        return done + retransform(batch);
    }

    private boolean isMeant(Class<?> loaded) {
        if (loaded.isArray()
                || loaded.isPrimitive()
                || !transformer.concerns(
                        loaded.getClassLoader(), loaded.getName().replace('.', '/'))) {
            return false;
        }
        if (instrumentation.isModifiableClass(loaded)) {
            return true;
        }
        report.skipped(
                loaded.getName(),
                loaded.getClassLoader(),
                loaded.isHidden() ? "hidden classes can't be transformed" : "the JVM can't transform this class");
        return false;
    }

    private long retransform(List<Class<?>> classes) {
        if (classes.isEmpty()) {
            return 0;
        }
        try {
            instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
            return classes.size();
        } catch (UnmodifiableClassException | RuntimeException | LinkageError | InternalError e) {
            if (classes.size() > 1) {
                return classes.stream()
                        .mapToLong(loaded -> retransform(List.of(loaded)))
                        .sum();
            }
            Class<?> loaded = classes.get(0);
            report.skipped(
                    loaded.getName(), loaded.getClassLoader(), "was loaded before and can't be changed so: " + e);
            return 0;
        }
    }

    /** Returns the number of the application's hidden classes: the JVM shows them to no agent when it defines them. */
    static long countHidden(Instrumentation instrumentation, AgentTransformer transformer) {
        long count = 0;
        for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
            if (loaded.isHidden() && transformer.concerns(loaded.getClassLoader(), null)) {
                count++;
            }
        }
        return count;
    }
}

package org.dvm.core.pipeline;

import org.dvm.core.repository.ClassRepository;

/**
 * Turns one class file into a result: a {@link TransformPipeline}, or one behind a cache.
 *
 * <p>This is what the adapters for jars, directories, agents and class loaders run.
 *
 * <p><b>Threads:</b> safe to share; called by many threads at once.
 */
public interface ClassProcessor {
    /**
     * Processes one class file. Bad input and failing filters end in a result, never in an exception.
     *
     * @param classFile the whole class file, which need not be one; kept, not copied, and never written to
     * @param source where the class comes from, such as {@code app.jar!/demo/Main.class}; empty where unknown
     * @param classes what is known of other classes
     */
    TransformResult process(byte[] classFile, String source, ClassRepository classes);

    /** Returns a text that changes whenever {@link #process} would do something else to the same class. */
    String fingerprint();
}

package org.dvm.core.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * One filter: the static component of a service. It looks at a class as it was read and asks for edits.
 *
 * <p>Filters are values: stateless, or with state confined to a {@link TransformContext}. They stack in any order.
 *
 * <p><b>Threads:</b> {@link #transform} is called by many threads at once, for different classes.
 *
 * @paper DVM 3
 */
public interface ClassTransformer {
    /** Returns the filter's name, such as {@code audit}; lower case, unique in a pipeline. */
    String name();

    /**
     * Returns a text that changes whenever the filter would do something else to the same class: its version and its
     * whole configuration. It is part of the key under which results are cached.
     */
    String fingerprint();

    /**
     * Looks at a class and asks for edits ({@link ClassUnit#edits()}), reports findings or adds classes
     * ({@link TransformContext}). Throwing anything fails the class: it is not passed on.
     *
     * @param unit the class, checked for format
     * @param context what the filter may ask and tell
     */
    void transform(ClassUnit unit, TransformContext context);

    /**
     * Returns a class to stand for bytes that break the format, so that users of the class link and hear what is wrong; the
     * first filter that has one decides. Without any the class fails.
     *
     * @param malformed what should have been a class; no module descriptor
     * @return a well-formed class file of the same name, or null
     */
    default byte @Nullable [] standIn(MalformedClass malformed) {
        return null;
    }

    /** Returns what to do with a class in which this filter's insertions don't fit. */
    default OnOverflow onOverflow() {
        return OnOverflow.FAIL;
    }

    /** What happens to a class when the insertions of a filter exceed a limit of the format, such as 64 KB of code. */
    enum OnOverflow {
        /** The class fails: right for what protects. */
        FAIL,
        /** The filter's insertions in that method are left out, with a finding: right for what only observes. */
        LEAVE_OUT
    }
}

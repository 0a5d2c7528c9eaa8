package org.dvm.jmh.forwarding;

/** One way to move frames from the node's first interface to its second. */
interface Forwarder {
    /** Its name in the report. */
    String name();

    /** Why it can't run here, or the empty string. */
    default String obstacle() {
        return "";
    }

    /** Returns whether it must have run for a while before it is as fast as it gets. */
    default boolean isCompiledWhileItRuns() {
        return true;
    }

    /**
     * Begins to forward.
     *
     * @param testbed where
     * @return what ends it
     * @throws Exception if it can't
     */
    Running start(Testbed testbed) throws Exception;

    /** A forwarder at work. */
    @SuppressWarnings("try") // to wait for its end may be interrupted, and whoever ends it passes that on
    interface Running extends AutoCloseable {
        /** Ends it and gives the interfaces back. */
        @Override
        void close() throws Exception;
    }
}

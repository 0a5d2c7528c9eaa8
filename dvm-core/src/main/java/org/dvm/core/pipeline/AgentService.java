package org.dvm.core.pipeline;

import java.lang.instrument.Instrumentation;
import java.util.Map;

/**
 * A service that in an agent needs the JVM's instrumentation, since it rewrites the JDK's classes, too. The agent starts
 * it once in place of putting its filter into the pipeline.
 */
public interface AgentService extends Service {
    /**
     * Finds what is wrong with options that {@link #start} would be given, before a JVM is started with them.
     *
     * @param options the service's options by name
     * @throws IllegalArgumentException if an option is unknown or its value is wrong; the message says the cure
     */
    void check(Map<String, String> options);

    /**
     * Starts the service in this JVM.
     *
     * @param instrumentation the JVM's
     * @param options the service's options by name
     * @throws IllegalArgumentException if an option is unknown or its value is wrong; the message says the cure
     * @throws IllegalStateException if this JVM can't be guarded
     */
    void start(Instrumentation instrumentation, Map<String, String> options);
}

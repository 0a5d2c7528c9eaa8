package org.dvm.core.pipeline;

import java.util.Map;

/**
 * A service found by name through {@link java.util.ServiceLoader}: makes the filter of its static component.
 *
 * <p>Agent, Maven plugin and command line take whatever providers stand on their path.
 */
public interface Service {
    /** Returns the name by which users ask for the service, such as {@code audit}. */
    String name();

    /** Returns in one line what the service does. */
    String description();

    /**
     * Makes the filter.
     *
     * @param options the service's options by name, such as {@code policy -> /etc/dvm/policy.xml}
     * @throws IllegalArgumentException if an option is unknown or its value is wrong; the message says the cure
     */
    ClassTransformer transformer(Map<String, String> options);
}

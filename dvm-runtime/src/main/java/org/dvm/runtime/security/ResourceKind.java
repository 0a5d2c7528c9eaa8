package org.dvm.runtime.security;

/** What a resource is, and in which form its name is given to a {@link DecisionSource}. */
public enum ResourceKind {
    /** No resource: the operation is the same for all objects. The name is empty. */
    NONE,
    /** A file: absolute path, symbolic links followed, without {@code .} and {@code ..}. */
    FILE,
    /** A network end point: {@code name/address:port}; the name is empty unless it resolves to the address. */
    HOST,
    /** A system or security property: its name. */
    PROPERTY,
    /** An environment variable: its name. */
    ENVIRONMENT,
    /** A class: its binary name. */
    CLASS,
    /** Anything else with a name: library, command, JNDI name, URL. */
    NAME
}

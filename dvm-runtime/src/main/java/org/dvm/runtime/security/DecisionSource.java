package org.dvm.runtime.security;

import java.util.List;

/**
 * Who answers the enforcement manager's cache misses: the engine in the same process, or a policy server.
 *
 * <p>An implementation that throws denies the access; what it threw is named in the denial. It runs unchecked: it must
 * not call methods that checked code may have overridden.
 *
 * <p><b>Threads:</b> any thread calls it at any time, also several at once.
 */
public interface DecisionSource {
    /**
     * Decides one access of one subject.
     *
     * @param subject name of the subject's security identifier
     * @param permission name of the permission
     * @param kind what the resource is
     * @param resource the resource's resolved name in the form that its kind says; empty for {@link ResourceKind#NONE}
     */
    Decision decide(String subject, String permission, ResourceKind kind, String resource);

    /** Returns the epoch of the policy in force. It only grows. */
    long epoch();

    /** Returns whether code of one subject may enter another subject by a {@link Privileged} section. */
    boolean mayEnter(String subject, String target);

    /** Returns how checks of a permission look at the callers. */
    Attribution attribution(String permission);

    /**
     * Returns whether a method of the JDK performs an operation for purposes of its own, so that it needs no authority
     * of its callers; such as a class loader that opens the jars it was made for.
     *
     * @param className binary name of the JDK class whose method is on the stack
     * @param method the method's name
     * @param permission the permission asked for
     */
    boolean endorses(String className, String method, String permission);

    /**
     * Returns the name of the security identifier of a class's code, or several in ascending order, joined by {@code &};
     * of unknown code, one that may do nothing; of trusted code, the empty string.
     */
    String subjectOf(Class<?> type);

    /**
     * Returns the permissions that constructors of a class need. Reading an object from a stream needs them, too, since
     * no constructor of its class runs.
     *
     * @param className binary name of a class that isn't the JDK's
     */
    default List<String> permissionsToCreate(String className) {
        return List.of();
    }

    /** Returns the security identifier that restricts threads of a name, besides their creator; empty for none. */
    String subjectOfThread(String name);
}

package org.dvm.runtime.security;

import org.jspecify.annotations.Nullable;

/**
 * A cached answer of a {@link DecisionSource}: a permit, or the denial to repeat. It holds only under the stamp that was
 * in force before it was asked for, so that an answer overtaken by a change never matches.
 *
 * <p><b>Threads:</b> immutable, published through final fields.
 */
final class Answer {
    final Permission permission;
    final ResourceKind kind;

    /** The name as the program gave it, or the address. */
    final Object resource;

    /** The port of an address; 0 with a name. */
    final int port;

    final long stamp;
    final @Nullable Denial denial;

    Answer(Permission permission, ResourceKind kind, Object resource, int port, long stamp, @Nullable Denial denial) {
        this.permission = permission;
        this.kind = kind;
        this.resource = resource;
        this.port = port;
        this.stamp = stamp;
        this.denial = denial;
    }
}

package org.dvm.runtime.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An access that the cache doesn't permit.
 *
 * @param permission the permission
 * @param kind what the resource is
 * @param given its name as the program gave it
 * @param naming how the given name is resolved
 * @param address the address whose port is accessed, by which the answer is cached; null if it is cached by name
 * @param port that port
 */
record Access(
        Permission permission,
        ResourceKind kind,
        String given,
        Resources.Naming naming,
        @Nullable InetAddress address,
        int port) {
    /** Returns an access that is cached by its name. */
    static Access named(Permission permission, ResourceKind kind, String given, Resources.Naming naming) {
        return new Access(permission, kind, given, naming, null, 0);
    }

    /** Returns an access to a port of an address. */
    static Access endPoint(Permission permission, InetAddress address, int port) {
        String text = address.toString(); // name/literal, without a look-up
        String name = text.substring(0, text.indexOf('/') + 1) + address.getHostAddress() + ":" + port;
        return new Access(permission, ResourceKind.HOST, name, Resources.Naming.HOST, address, port);
    }

    /** Returns what the cache keeps. */
    Answer answer(long stamp, @Nullable Denial denial) {
        return new Answer(permission, kind, address == null ? given : address, port, stamp, denial);
    }
}

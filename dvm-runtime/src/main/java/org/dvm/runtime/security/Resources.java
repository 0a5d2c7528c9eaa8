package org.dvm.runtime.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Turns the name that a program gave into the name that the policy speaks of. */
final class Resources {
    /** One way to resolve names. */
    enum Naming {
        /** The name as it stands. */
        AS_GIVEN {
            @Override
            String resolve(String given) {
                return given;
            }
        },
        /** A file's name: made absolute, links followed. */
        FILE {
            @Override
            String resolve(String given) {
                if (given.indexOf('\0') >= 0) {
                    return given; // no file has such a name; the JDK refuses it
                }
                try {
                    return FileNames.resolve(given);
                } catch (IOException e) {
                    throw new UncheckedIOException("the name can't be resolved", e);
                }
            }
        },
        /** An end point {@code name/address:port}: the name is dropped unless it resolves to the address. */
        HOST {
            @Override
            String resolve(String given) {
                int slash = given.indexOf('/');
                int colon = given.lastIndexOf(':');
                String name = given.substring(0, slash);
                String address = given.substring(slash + 1, colon);
                return (resolvesTo(name, address) ? name : "") + given.substring(slash);
            }
        };

        abstract String resolve(String given);
    }

    private Resources() {}

    private static boolean resolvesTo(String name, String address) {
        if (name.isEmpty() || address.isEmpty() || name.equals(address)) {
            return !name.isEmpty();
        }
        try {
            for (InetAddress known : InetAddress.getAllByName(name)) {
                if (known.getHostAddress().equals(address)) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            return false; // a name that nobody knows matches no pattern
        }
        return false;
    }

    static void warmUp() {
        Naming.HOST.resolve("localhost/127.0.0.1:1");
        Naming.AS_GIVEN.resolve("");
    }
}

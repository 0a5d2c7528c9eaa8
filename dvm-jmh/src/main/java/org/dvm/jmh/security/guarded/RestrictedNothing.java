package org.dvm.jmh.security.guarded;

/** A restricted program that does next to nothing, to see what a start costs. */
public final class RestrictedNothing {
    private RestrictedNothing() {}

    /** Makes a call, so that it must be held to its subject. */
    public static void main(String[] arguments) {
        if (arguments.length > 1_000_000) {
            Thread.yield();
        }
    }
}

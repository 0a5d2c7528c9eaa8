package org.dvm.jmh.security;

/** A program that does nothing, to see what a start costs. */
public final class Nothing {
    private Nothing() {}

    /** Returns. */
    public static void main(String[] arguments) {
        // nothing: the JVM's start and end are what is measured
    }
}

package org.dvm.core.finding;

/** A rule that an input can break; each family of rules is an enum, so that a rule's name is a stable code. */
public interface Rule {
    /** Returns the stable code, in upper case with underscores. */
    String name();

    /** Returns the section of the JVM specification (such as {@code 4.4.1}) or another source that states the rule. */
    String section();

    /** Returns how bad a breach is. */
    Severity severity();

    /** Returns the error that a JVM raises for a class that breaks the rule. */
    LinkError error();
}

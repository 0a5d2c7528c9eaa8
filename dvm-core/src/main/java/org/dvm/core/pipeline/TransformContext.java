package org.dvm.core.pipeline;

import org.dvm.core.finding.Finding;
import org.dvm.core.repository.ClassRepository;

/**
 * What a filter may ask about the world and tell about its work.
 *
 * <p><b>Threads:</b> one context per class; what it leads to is safe to share.
 */
public interface TransformContext {
    /** Returns what is known of other classes, without loading any. */
    ClassRepository classes();

    /** Reports a finding about the class at hand; one of severity ERROR fails the class unless it is replaced. */
    void report(Finding finding);

    /** Adds a line to the audit trail: what the calling filter did to the class at hand. */
    void note(String what);

    /** Puts another class file in the place of the class at hand; filters that follow are skipped. */
    void replaceClass(byte[] classFile);

    /** Adds a class to the output, besides the class at hand. */
    void addClass(byte[] classFile);
}

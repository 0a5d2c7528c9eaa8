package org.dvm.runtime.security;

import org.jspecify.annotations.Nullable;

/**
 * Passes classes that are defined without the JVM telling its agents - hidden classes, and with them lambdas - to the
 * static half.
 *
 * <p><b>Threads:</b> all.
 */
public final class HiddenClasses {
    /** The static half, as seen from here. */
    public interface Rewriter {
        /**
         * Rewrites a class of restricted code.
         *
         * @param subject the subject of the class that defines it
         * @param loader its class loader
         * @param classFile the class file; not to be changed
         * @return the class file to define
         */
        byte[] rewrite(String subject, @Nullable ClassLoader loader, byte[] classFile);
    }

    private static volatile @Nullable Rewriter rewriter;

    private HiddenClasses() {}

    /** Sets who rewrites; once. */
    public static synchronized void setRewriter(Rewriter newRewriter) {
        if (rewriter != null) {
            throw new IllegalStateException("a rewriter is set already");
        }
        rewriter = newRewriter;
    }

    /**
     * Returns what is to be defined: called by the JDK's code that defines hidden classes.
     *
     * @param lookup the class on whose behalf it is defined
     * @param classFile the class file
     * @throws AccessDeniedException if it can't be rewritten
     */
    public static byte[] rewrite(@Nullable Class<?> lookup, byte[] classFile) {
        Rewriter current = rewriter;
        if (current == null || lookup == null || StackAuthority.isJdkCode(lookup) || isOwn(current, lookup)) {
            return classFile;
        }
        String subject = EnforcementManager.subjectOf(lookup);
        if (subject.isEmpty()) {
            return classFile;
        }
        byte[] snapshot = classFile.clone();
        try {
            return Subjects.callExactlyAs(
                    Subject.SYSTEM, () -> current.rewrite(subject, lookup.getClassLoader(), snapshot));
        } catch (RuntimeException e) {
            Denial denial = new Denial(
                    subject, "class.hidden", ResourceKind.CLASS, lookup.getName(), "can't be rewritten: " + e, 0);
            throw new AccessDeniedException(denial, AccessDeniedException.Trace.FULL);
        }
    }

    /** The static half's own lambdas are made in the middle of its work. */
    private static boolean isOwn(Rewriter current, Class<?> lookup) {
        return lookup.getClassLoader() == current.getClass().getClassLoader();
    }
}

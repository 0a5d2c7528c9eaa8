package org.dvm.verifier.internal;

/** Says that a question hangs on a class that isn't known. */
final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The only one: it ends a question, and nobody looks at where it came from. */
    static final UndecidedException INSTANCE = new UndecidedException();

    private UndecidedException() {
        super("a class isn't known", null, false, false);
    }
}

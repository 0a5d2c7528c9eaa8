package org.dvm.core.edit;

/**
 * Says inside the writer that an edit of a method or class can't be made, and by which rule.
 *
 * <p>Is made as what every JVM has loaded, so that a class whose edits fit doesn't load this one to be verified.
 */
final class DoesNotFit extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** No filter in particular: any that is left out helps. */
    static final int ANY_FILTER = -1;

    private final EditRule rule;
    private final int bci;
    private final int filter;

    private DoesNotFit(EditRule rule, String message, int bci, int filter) {
        super(message, null, false, false);
        this.rule = rule;
        this.bci = bci;
        this.filter = filter;
    }

    static RuntimeException of(EditRule rule, String message) {
        return new DoesNotFit(rule, message, -1, ANY_FILTER);
    }

    static RuntimeException ofFilter(EditRule rule, String message, int filter) {
        return new DoesNotFit(rule, message, -1, filter);
    }

    static RuntimeException malformed(String message, int bci) {
        return new DoesNotFit(EditRule.MALFORMED_CODE, message, bci, ANY_FILTER);
    }

    EditRule rule() {
        return rule;
    }

    String text() {
        String message = getMessage();
        return message == null ? rule.name() : message;
    }

    int bci() {
        return bci;
    }

    int filter() {
        return filter;
    }

    /** Returns whether shorter insertions may help. */
    boolean isAboutSize() {
        return rule == EditRule.METHOD_TOO_LARGE || rule == EditRule.BRANCH_TOO_FAR;
    }
}

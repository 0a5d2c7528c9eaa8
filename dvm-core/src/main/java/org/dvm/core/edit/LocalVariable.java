package org.dvm.core.edit;

/**
 * A local variable that edits add to a method. It lives above the method's own variables; a snippet at entry stores
 * it, later snippets of the method read it.
 */
public final class LocalVariable {
    private final String descriptor;

    LocalVariable(String descriptor) {
        this.descriptor = descriptor;
    }

    /** Returns the field descriptor of the variable's type. */
    public String descriptor() {
        return descriptor;
    }
}

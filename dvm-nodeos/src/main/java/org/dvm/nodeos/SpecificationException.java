package org.dvm.nodeos;

/** A text in one of the node's specification languages is wrong; the message quotes it and names the cure. */
public final class SpecificationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    SpecificationException(String problem, String text) {
        super(problem + ": '" + text + "'");
    }
}

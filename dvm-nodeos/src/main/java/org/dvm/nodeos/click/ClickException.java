package org.dvm.nodeos.click;

import java.util.List;
import java.util.stream.Collectors;

/** Says that a configuration is wrong: with all mistakes found, in the order of the text. */
public final class ClickException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<ClickError> errors;

    /** Makes an exception of at least one error. */
    public ClickException(List<ClickError> errors) {
        super(errors.stream().map(ClickError::toString).collect(Collectors.joining(System.lineSeparator())));
        this.errors = List.copyOf(errors);
    }

    /** Returns the mistakes; never empty. */
    public List<ClickError> errors() {
        return errors;
    }
}

package org.dvm.cli;

/** Says that a command can't do its work because of what it was given; the message names place and cure. */
final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadInputException(String message) {
        super(message, null, false, false);
    }
}

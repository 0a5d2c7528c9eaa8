package org.dvm.nodeos;

/** A domain asked for packets or addresses that are not its own. Nothing was changed. */
public final class AuthorityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuthorityException(String message) {
        super(message);
    }
}

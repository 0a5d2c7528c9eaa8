package org.dvm.nodeos.link;

import org.jspecify.annotations.Nullable;

/**
 * A link or its back end failed outside the node: a system call, a device, a missing privilege. The message names the
 * operation and, where there is one, the cure.
 */
public class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what failed, then the values; what to grant if a privilege is missing
     * @param cause the failure beneath, if any
     */
    public LinkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package org.dvm.nodeos;

/** Admission control refused: the node, the parent or the domain has not got what was asked for. Nothing was changed. */
public final class ResourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ResourceException(String what, long wanted, long left) {
        super(what + " is not available: wanted=" + wanted + ", left=" + left);
    }
}

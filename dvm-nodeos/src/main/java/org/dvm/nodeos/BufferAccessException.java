package org.dvm.nodeos;

/** A thread used a buffer that it does not hold: it never did, gave it away, or lost it with its domain. */
public final class BufferAccessException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Why the thread does not hold the buffer. */
    public enum Reason {
        /** The owning domain or pool was closed; the buffer never becomes usable again. */
        REVOKED("buffer is revoked: its owner was closed"),
        /** The buffer is in the hands of the node: released, sent, or waiting empty in a channel. */
        GIVEN_AWAY("buffer was given away: it was released or sent"),
        /** The buffer is between two threads of its domain: detached and not attached yet. */
        DETACHED("buffer is detached: a thread must attach it first"),
        /** Another thread holds the buffer. */
        HELD_BY_OTHER("buffer is held by another thread");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;

    BufferAccessException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    /**
     * Returns why access was refused.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}

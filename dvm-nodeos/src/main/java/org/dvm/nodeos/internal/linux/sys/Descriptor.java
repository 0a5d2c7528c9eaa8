package org.dvm.nodeos.internal.linux.sys;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor with one owner.
 *
 * <p><b>Threads:</b> any may close; the number is closed exactly once, so it can't be somebody else's by then.
 */
public final class Descriptor implements AutoCloseable {
    private static final int CLOSED = -1;

    private final AtomicInteger number;

    private Descriptor(int number) {
        this.number = new AtomicInteger(number);
    }

    /**
     * Takes ownership of what a call returned.
     *
     * @param result a descriptor, or -1 if the call failed
     * @param operation the call and its object, in words
     * @return the descriptor
     * @throws LinuxException if the call failed
     */
    public static Descriptor own(int result, String operation) throws LinuxException {
        return new Descriptor(LinuxException.check(result, operation));
    }

    /**
     * Returns the number for a call.
     *
     * @return the descriptor's number
     * @throws IllegalStateException if it is closed
     */
    public int number() {
        int value = number.getPlain();
        if (value == CLOSED) {
            throw new IllegalStateException("descriptor is closed");
        }
        return value;
    }

    /** Closes the descriptor. A second call does nothing. */
    @Override
    public void close() {
        int value = number.getAndSet(CLOSED);
        if (value != CLOSED) {
            Libc.close(value);
        }
    }
}

package org.dvm.nodeos.internal.linux.sys;

import java.io.IOException;

/** A system call that failed: which operation, on what, with which error number. */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    private LinuxException(String operation, int errno, String detail) {
        super(operation + ": " + Errno.describe(errno) + detail);
        this.errno = errno;
    }

    /**
     * Passes a good result on and throws for a failed one.
     *
     * @param result what the call returned
     * @param operation the call and its object, in words
     * @return {@code result}
     * @throws LinuxException if {@code result} is negative
     */
    public static int check(int result, String operation) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(operation, Libc.errno(), "");
        }
        return result;
    }

    /**
     * Passes a good result on and throws for a failed one.
     *
     * @param result what the call returned
     * @param operation the call and its object, in words
     * @return {@code result}
     * @throws LinuxException if {@code result} is negative
     */
    public static long check(long result, String operation) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(operation, Libc.errno(), "");
        }
        return result;
    }

    /**
     * Makes the exception for an error number that came some other way than as a result.
     *
     * @param operation the call and its object, in words
     * @param errno the error number
     * @param detail what else is known, or the empty string
     * @return the exception, to be thrown
     */
    public static LinuxException of(String operation, int errno, String detail) {
        return new LinuxException(operation, errno, detail.isEmpty() ? "" : "; " + detail);
    }

    /**
     * Returns the error number.
     *
     * @return errno
     */
    public int errno() {
        return errno;
    }

    /**
     * Tells whether this is a certain error.
     *
     * @param candidate the error asked for
     * @return whether it is that one
     */
    public boolean is(Errno candidate) {
        return errno == candidate.number();
    }
}

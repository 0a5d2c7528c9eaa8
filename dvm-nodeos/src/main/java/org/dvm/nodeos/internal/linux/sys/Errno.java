package org.dvm.nodeos.internal.linux.sys;

/** The error numbers that packet I/O meets, with what they mean there. Same values on every supported architecture. */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such object"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device or address"),
    E2BIG(7, "argument too long"),
    EBADF(9, "bad file descriptor"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory, or over the locked-memory limit (ulimit -l)"),
    EACCES(13, "permission denied, or refused by the verifier"),
    EFAULT(14, "bad address"),
    EBUSY(16, "in use"),
    EEXIST(17, "exists already"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument"),
    EMFILE(24, "too many open files (ulimit -n)"),
    ENOSPC(28, "no space left"),
    ERANGE(34, "out of range"),
    EMSGSIZE(90, "message too long"),
    ENOPROTOOPT(92, "option not known to this kernel"),
    EPROTONOSUPPORT(93, "protocol not supported"),
    EOPNOTSUPP(95, "not supported"),
    EAFNOSUPPORT(97, "address family not supported by this kernel"),
    ENETDOWN(100, "interface is down"),
    ENOBUFS(105, "no buffer space"),
    ETIMEDOUT(110, "timed out");

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /**
     * Returns the number of this error.
     *
     * @return errno
     */
    public int number() {
        return number;
    }

    /**
     * Says an error number in words.
     *
     * @param number errno
     * @return name and meaning, or the bare number if it is not in the list
     */
    public static String describe(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno.name() + " (" + errno.meaning + ")";
            }
        }
        return "errno " + number;
    }
}

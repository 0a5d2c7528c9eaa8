package org.dvm.nodeos.internal.linux.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library functions that packet I/O needs, one Java method a function, under their own names.
 *
 * <p>Mapped directly ({@link Native#register}): a call costs some 60 ns, a third of an interface mapping. Pointers and
 * {@code size_t} are {@code long}, so nothing is boxed or wrapped. A result of -1 leaves the error number in {@link
 * #errno()}; {@link LinuxException#check} turns it into an exception that names the operation.
 *
 * <p><b>Threads:</b> any; the error number belongs to the calling thread.
 */
public final class Libc {
    /** {@code PROT_READ | PROT_WRITE} of mmap(2). */
    public static final int PROT_READ_WRITE = 3;

    /** {@code MAP_SHARED} of mmap(2). */
    public static final int MAP_SHARED = 0x01;

    /** {@code MAP_PRIVATE | MAP_ANONYMOUS} of mmap(2). */
    public static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    /** {@code MAP_POPULATE} of mmap(2): page tables are filled at once. */
    public static final int MAP_POPULATE = 0x8000;

    /** {@code MSG_DONTWAIT} of send(2) and recv(2). */
    public static final int MSG_DONTWAIT = 0x40;

    /** {@code MSG_TRUNC} of recv(2). */
    public static final int MSG_TRUNC = 0x20;

    /** {@code AF_NETLINK} of socket(2). */
    public static final int AF_NETLINK = 16;

    /** {@code AF_PACKET} of socket(2). */
    public static final int AF_PACKET = 17;

    /** {@code AF_XDP} of socket(2). */
    public static final int AF_XDP = 44;

    /** {@code SOCK_RAW} of socket(2). */
    public static final int SOCK_RAW = 3;

    /** {@code SOCK_CLOEXEC} of socket(2): a forked child does not inherit the descriptor. */
    public static final int SOCK_CLOEXEC = 0x80000;

    /** {@code SOL_SOCKET} of setsockopt(2). */
    public static final int SOL_SOCKET = 1;

    /** {@code POLLIN} of poll(2). */
    public static final short POLLIN = 1;

    /** {@code EFD_CLOEXEC | EFD_NONBLOCK} of eventfd(2). */
    public static final int EFD_CLOEXEC_NONBLOCK = 0x80800;

    /** {@code O_RDONLY | O_CLOEXEC} of open(2). */
    public static final int O_RDONLY_CLOEXEC = 0x80000;

    /** {@code CLONE_NEWNET} of unshare(2) and setns(2). */
    public static final int CLONE_NEWNET = 0x40000000;

    static {
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /**
     * Returns the error number of this thread's last failed call.
     *
     * @return errno
     */
    public static int errno() {
        return Native.getLastError();
    }

    /**
     * Calls bpf(2), which has no wrapper in the C library.
     *
     * @param command a {@code BPF_*} command
     * @param attributes address of {@code union bpf_attr}
     * @param length bytes of it
     * @return what the command answers, or -1
     */
    public static int bpf(int command, long attributes, int length) {
        return (int) syscall(SystemCalls.BPF, command, attributes, length, 0, 0, 0);
    }

    /** Numbers of system calls, looked up once, when the first is made. */
    private static final class SystemCalls {
        static final int BPF = Architecture.current().bpfSystemCall();
    }

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);

    public static native int socket(int domain, int type, int protocol);

    public static native int bind(int fd, long address, int length);

    public static native int setsockopt(int fd, int level, int option, long value, int length);

    public static native int getsockopt(int fd, int level, int option, long value, long lengthAddress);

    public static native int getsockname(int fd, long address, long lengthAddress);

    public static native int ioctl(int fd, long request, long argument);

    public static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    public static native int munmap(long address, long length);

    public static native int ppoll(long pollfds, long count, long timeout, long signalMask);

    public static native int eventfd(int value, int flags);

    public static native long write(int fd, long data, long length);

    public static native long sendto(int fd, long data, long length, int flags, long address, int addressLength);

    public static native long recv(int fd, long data, long length, int flags);

    public static native long read(int fd, long data, long length);

    public static native int sendmmsg(int fd, long messages, int count, int flags);

    public static native int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    public static native int open(String path, int flags);

    public static native int close(int fd);

    public static native int unshare(int flags);

    public static native int setns(int fd, int type);

    public static native int sched_setaffinity(int thread, long length, long mask);
}

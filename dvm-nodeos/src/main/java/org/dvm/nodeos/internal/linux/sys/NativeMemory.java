package org.dvm.nodeos.internal.linux.sys;

import com.sun.jna.Pointer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A mapped stretch of memory outside the heap, as an address for the kernel and as a buffer in native byte order for
 * Java.
 *
 * <p>All of it is zero at first and page-aligned. The owner closes it once, after the last access: its buffer views are
 * then addresses of nothing.
 *
 * <p><b>Threads:</b> any may read and write; who does so together orders the accesses with {@link #INT} and {@link
 * #LONG}.
 */
public final class NativeMemory implements AutoCloseable {
    /** Ordered access to aligned 32-bit words of {@link #bytes()}: the producer and consumer indices of shared rings. */
    public static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    /** Ordered access to aligned 64-bit words of {@link #bytes()}. */
    public static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    private final long address;
    private final long length;
    private final ByteBuffer bytes;
    private boolean closed;

    private NativeMemory(long address, long length) {
        this.address = address;
        this.length = length;
        bytes = new Pointer(address).getByteBuffer(0, length).order(ByteOrder.nativeOrder());
    }

    /**
     * Maps fresh anonymous memory.
     *
     * @param length bytes, at least 1
     * @return the memory
     * @throws LinuxException if the system has none
     */
    public static NativeMemory allocate(long length) throws LinuxException {
        return map(Libc.PROT_READ_WRITE, Libc.MAP_PRIVATE_ANONYMOUS, -1, 0, length, "anonymous memory");
    }

    /**
     * Maps a ring that a descriptor shares with the kernel.
     *
     * @param fd the descriptor
     * @param offset which of its areas
     * @param length bytes
     * @param what its name for the error message
     * @return the memory
     * @throws LinuxException if the kernel refuses
     */
    public static NativeMemory share(int fd, long offset, long length, String what) throws LinuxException {
        return map(Libc.PROT_READ_WRITE, Libc.MAP_SHARED | Libc.MAP_POPULATE, fd, offset, length, what);
    }

    private static NativeMemory map(int protection, int flags, int fd, long offset, long length, String what)
            throws LinuxException {
        if (length < 1 || length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("length must be between 1 and 2^31-1: length=" + length);
        }
        return new NativeMemory(
                LinuxException.check(
                        Libc.mmap(0, length, protection, flags, fd, offset),
                        "mmap " + what + " (" + length + " bytes)"),
                length);
    }

    /**
     * Returns where the memory begins.
     *
     * @return its address
     */
    public long address() {
        return address;
    }

    /**
     * Returns how long it is.
     *
     * @return bytes
     */
    public long length() {
        return length;
    }

    /**
     * Returns the memory itself; absolute accesses only, since all callers see the same object.
     *
     * @return a direct buffer in native byte order
     */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Unmaps the memory. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.munmap(address, length);
        }
    }
}

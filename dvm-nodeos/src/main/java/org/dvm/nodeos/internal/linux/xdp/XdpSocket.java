package org.dvm.nodeos.internal.linux.xdp;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;

/**
 * An AF_XDP socket that receives from one queue of an interface, with the node's whole frame memory registered as its UMEM.
 *
 * <p>Every socket registers the same memory by itself, so a frame received on one link is sent on another by its number
 * alone, and links come and go in any order. What is sent goes through a {@link XdpSender} beside it.
 */
final class XdpSocket implements AutoCloseable {
    /** Slots of each ring: enough for a batch in each hand and on each side, small enough to stay in the caches. */
    static final int RING_SLOTS = 512;

    static final int SOL_XDP = 283;
    private static final int MMAP_OFFSETS = 1;
    private static final int RX_RING = 2;
    private static final int UMEM_REGISTER = 4;
    private static final int FILL_RING = 5;
    private static final int COMPLETION_RING = 6;
    private static final int STATISTICS = 7;
    private static final long PAGE_RX = 0;
    private static final long PAGE_FILL = 0x1_0000_0000L;
    private static final long PAGE_COMPLETION = 0x1_8000_0000L;

    // struct sockaddr_xdp: family u16, flags u16, interface u32, queue u32, shared UMEM descriptor u32
    private static final int ADDRESS_BYTES = 16;
    private static final int ADDRESS_FLAGS = 2;
    private static final int ADDRESS_INTERFACE = 4;
    private static final int ADDRESS_QUEUE = 8;
    private static final int ADDRESS_SHARED = 12;
    private static final int USE_NEED_WAKEUP = 1 << 3;

    // struct xdp_umem_reg: address u64, length u64, chunk u32, headroom u32, flags u32, metadata length u32
    private static final int REGISTRATION_BYTES = 32;
    private static final int REGISTRATION_LENGTH = 8;
    private static final int REGISTRATION_CHUNK = 16;

    // struct xdp_statistics
    private static final int STATISTICS_BYTES = 48;
    private static final int STATISTICS_RX_DROPPED = 0;
    private static final int STATISTICS_RX_RING_FULL = 24;

    private static final int BIND_ATTEMPTS = 100;
    private static final long BIND_RETRY_MILLIS = 20;

    final XdpRing fill;
    final XdpRing completion;
    final XdpRing receive;
    private final Descriptor descriptor;
    private final Resources resources;

    private XdpSocket(Builder builder) {
        fill = builder.fill;
        completion = builder.completion;
        receive = builder.receive;
        descriptor = builder.descriptor;
        resources = builder.resources;
    }

    /**
     * Opens a socket in the network namespace of the calling thread.
     *
     * @param link the interface
     * @param queue its queue, from 0
     * @param memory the frames
     * @return the bound socket, all rings empty
     * @throws LinuxException EPERM without CAP_NET_RAW, EINVAL if there is no such queue, EBUSY if another socket keeps
     *     it, ENOBUFS or ENOMEM over the locked-memory limit
     */
    static XdpSocket open(LinkDescription link, int queue, FrameMemory memory) throws LinuxException {
        Resources resources = new Resources();
        try {
            return new XdpSocket(new Builder(resources, link, queue, memory));
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /** The steps of opening, in the order the kernel wants them. */
    private static final class Builder {
        private final Resources resources;
        private final Descriptor descriptor;
        private final XdpRing fill;
        private final XdpRing completion;
        private final XdpRing receive;

        Builder(Resources resources, LinkDescription link, int queue, FrameMemory memory) throws LinuxException {
            this.resources = resources;
            descriptor = resources.add(create());
            try (NativeMemory scratch = NativeMemory.allocate(4096)) {
                register(memory, scratch);
                for (int option : new int[] {FILL_RING, COMPLETION_RING, RX_RING}) {
                    LinuxException.check(
                            set(descriptor, scratch, SOL_XDP, option, RING_SLOTS), "size AF_XDP ring " + option);
                }
                receive = map(PAGE_RX, layout(descriptor, scratch, 0), XdpRing.Slot.DESCRIPTOR, "AF_XDP rx ring");
                fill = map(PAGE_FILL, layout(descriptor, scratch, 2), XdpRing.Slot.ADDRESS, "AF_XDP fill ring");
                completion = map(
                        PAGE_COMPLETION,
                        layout(descriptor, scratch, 3),
                        XdpRing.Slot.ADDRESS,
                        "AF_XDP completion ring");
                bind(descriptor, link, queue, USE_NEED_WAKEUP, 0, scratch);
            }
        }

        private void register(FrameMemory memory, NativeMemory scratch) throws LinuxException {
            ByteBuffer registration = scratch.bytes();
            registration.putLong(0, Pointer.nativeValue(Native.getDirectBufferPointer(memory.bytes())));
            registration.putLong(REGISTRATION_LENGTH, (long) memory.frames() * memory.frameBytes());
            registration.putInt(REGISTRATION_CHUNK, memory.frameBytes());
            LinuxException.check(
                    Libc.setsockopt(descriptor.number(), SOL_XDP, UMEM_REGISTER, scratch.address(), REGISTRATION_BYTES),
                    "register " + memory.frames() + " frames of " + memory.frameBytes()
                            + " bytes as UMEM (raise the locked-memory limit, ulimit -l, or grant CAP_IPC_LOCK)");
            registration.put(0, new byte[REGISTRATION_BYTES]);
        }

        private XdpRing map(long page, XdpRing.Layout layout, XdpRing.Slot slot, String name) throws LinuxException {
            return resources.add(XdpRing.map(descriptor.number(), page, layout, RING_SLOTS, slot, name));
        }
    }

    // Steps that a sender takes, too.

    static Descriptor create() throws LinuxException {
        return Descriptor.own(Libc.socket(Libc.AF_XDP, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0), "socket AF_XDP");
    }

    static int set(Descriptor socket, NativeMemory scratch, int level, int option, int value) {
        scratch.bytes().putInt(0, value);
        return Libc.setsockopt(socket.number(), level, option, scratch.address(), Integer.BYTES);
    }

    /** Returns where the parts of a ring are: rx, tx, fill and completion are numbers 0 to 3. */
    static XdpRing.Layout layout(Descriptor socket, NativeMemory scratch, int ring) throws LinuxException {
        int length = 4 * XdpRing.Layout.BYTES;
        scratch.bytes().putInt(length, length);
        LinuxException.check(
                Libc.getsockopt(socket.number(), SOL_XDP, MMAP_OFFSETS, scratch.address(), scratch.address() + length),
                "getsockopt XDP_MMAP_OFFSETS");
        return XdpRing.Layout.read(scratch.bytes(), ring * XdpRing.Layout.BYTES);
    }

    /** Binds; a queue whose former socket was closed a moment ago stays busy until the kernel has cleaned up. */
    static void bind(Descriptor socket, LinkDescription link, int queue, int flags, int shared, NativeMemory scratch)
            throws LinuxException {
        ByteBuffer address = scratch.bytes();
        address.putShort(0, (short) Libc.AF_XDP);
        address.putShort(ADDRESS_FLAGS, (short) flags);
        address.putInt(ADDRESS_INTERFACE, link.index());
        address.putInt(ADDRESS_QUEUE, queue);
        address.putInt(ADDRESS_SHARED, shared);
        for (int attempt = 1; ; attempt++) {
            if (Libc.bind(socket.number(), scratch.address(), ADDRESS_BYTES) == 0) {
                return;
            }
            int errno = Libc.errno();
            if (errno != Errno.EBUSY.number() || attempt == BIND_ATTEMPTS) {
                throw LinuxException.of("bind AF_XDP socket to " + link.name() + " queue " + queue, errno, "");
            }
            pause();
        }
    }

    private static void pause() throws LinuxException {
        try {
            TimeUnit.MILLISECONDS.sleep(BIND_RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LinuxException.of("bind AF_XDP socket", Errno.EINTR.number(), "");
        }
    }

    int descriptor() {
        return descriptor.number();
    }

    // Hot path: no allocation, no locks, no logging.

    /** Makes a driver that sleeps look at the fill ring. */
    void wakeReceiver() {
        if (fill.needsWakeup()) {
            Libc.recv(descriptor.number(), 0, 0, Libc.MSG_DONTWAIT);
        }
    }

    /** Returns how many frames were lost for want of an empty frame or of room in the receive ring. */
    long receiveDrops() {
        try (NativeMemory scratch = NativeMemory.allocate(STATISTICS_BYTES + Long.BYTES)) {
            scratch.bytes().putInt(STATISTICS_BYTES, STATISTICS_BYTES);
            int result = Libc.getsockopt(
                    descriptor.number(), SOL_XDP, STATISTICS, scratch.address(), scratch.address() + STATISTICS_BYTES);
            LinuxException.check(result, "getsockopt XDP_STATISTICS");
            return scratch.bytes().getLong(STATISTICS_RX_DROPPED)
                    + scratch.bytes().getLong(STATISTICS_RX_RING_FULL);
        } catch (LinuxException e) {
            throw new IllegalStateException("an open AF_XDP socket has statistics", e);
        }
    }

    /** Unbinds the socket; the kernel touches no frame afterwards. */
    @Override
    public void close() {
        resources.close();
    }
}

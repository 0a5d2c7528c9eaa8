package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.jspecify.annotations.Nullable;

/**
 * A raw AF_PACKET socket of one interface, which receives what others send to it and not what this machine sends.
 *
 * <p><b>Threads:</b> any, save {@link #set} and {@link #bind}: one at a time.
 */
final class PacketSocket implements AutoCloseable {
    static final int SOL_PACKET = 263;
    static final int RX_RING = 5;
    static final int AUXILIARY_DATA = 8;
    static final int VERSION = 10;

    private static final int FANOUT = 18;
    private static final int FANOUT_HASH = 0;
    private static final int FANOUT_FLAG_UNIQUE_ID = 0x2000;
    private static final int STATISTICS = 6;
    private static final int IGNORE_OUTGOING = 23;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;
    private static final int BUFFER_BYTES = 4 << 20;

    // struct sockaddr_ll: family u16, protocol u16 (network order), interface s32, ...
    private static final int ADDRESS_BYTES = 20;
    private static final int ADDRESS_PROTOCOL = 2;
    private static final int ADDRESS_INTERFACE = 4;
    private static final short ALL_PROTOCOLS_IN_MEMORY = Short.reverseBytes((short) 3);

    // struct tpacket_stats: packets u32, drops u32
    private static final int STATISTICS_DROPS = 4;
    private static final int STATISTICS_BYTES = 12;

    private static final int SCRATCH_BYTES = 64;

    private final LinkDescription link;
    private final Descriptor descriptor;
    private final NativeMemory scratch;
    private long drops;

    private PacketSocket(LinkDescription link, Descriptor descriptor, NativeMemory scratch) {
        this.link = link;
        this.descriptor = descriptor;
        this.scratch = scratch;
    }

    /**
     * Opens a socket in the network namespace of the calling thread; it receives nothing before it is bound.
     *
     * @param link the interface
     * @return the socket
     * @throws LinuxException EPERM without CAP_NET_RAW
     */
    static PacketSocket open(LinkDescription link) throws LinuxException {
        NativeMemory scratch = NativeMemory.allocate(SCRATCH_BYTES);
        try {
            Descriptor descriptor = Descriptor.own(
                    Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0), "socket AF_PACKET");
            PacketSocket socket = new PacketSocket(link, descriptor, scratch);
            // Before 4.20 there is no such option, and one's own frames are received, too: forwarding would loop.
            socket.setOrClose(SOL_PACKET, IGNORE_OUTGOING, 1, "PACKET_IGNORE_OUTGOING");
            socket.enlarge(SO_SNDBUFFORCE, SO_SNDBUF);
            socket.enlarge(SO_RCVBUFFORCE, SO_RCVBUF);
            return socket;
        } catch (LinuxException e) {
            scratch.close();
            throw e;
        }
    }

    private void setOrClose(int level, int option, int value, String name) throws LinuxException {
        try {
            set(level, option, value, name);
        } catch (LinuxException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Asks for more buffer than the system's limit if allowed, else for as much as the limit gives. */
    private void enlarge(int forced, int limited) {
        scratch.bytes().putInt(0, BUFFER_BYTES);
        if (Libc.setsockopt(number(), Libc.SOL_SOCKET, forced, scratch.address(), Integer.BYTES) < 0) {
            Libc.setsockopt(number(), Libc.SOL_SOCKET, limited, scratch.address(), Integer.BYTES);
        }
    }

    int number() {
        return descriptor.number();
    }

    void set(int level, int option, int value, String name) throws LinuxException {
        scratch.bytes().putInt(0, value);
        LinuxException.check(
                Libc.setsockopt(number(), level, option, scratch.address(), Integer.BYTES), "setsockopt " + name);
    }

    /** Begins to receive. */
    void bind() throws LinuxException {
        scratch.bytes().put(0, new byte[ADDRESS_BYTES]);
        scratch.bytes().putShort(0, (short) Libc.AF_PACKET);
        scratch.bytes().putShort(ADDRESS_PROTOCOL, ALL_PROTOCOLS_IN_MEMORY);
        scratch.bytes().putInt(ADDRESS_INTERFACE, link.index());
        LinuxException.check(
                Libc.bind(number(), scratch.address(), ADDRESS_BYTES), "bind AF_PACKET socket to " + link.name());
    }

    /** Lets the kernel drop what a filter refuses, before it is copied; null takes everything. */
    void filter(@Nullable ClassicFilter filter) throws LinuxException {
        if (filter == null) {
            Libc.setsockopt(number(), Libc.SOL_SOCKET, SO_DETACH_FILTER, scratch.address(), Integer.BYTES);
            return;
        }
        try (NativeMemory code = filter.toMemory()) {
            scratch.bytes().putLong(0, filter.size());
            scratch.bytes().putLong(Long.BYTES, code.address());
            LinuxException.check(
                    Libc.setsockopt(number(), Libc.SOL_SOCKET, SO_ATTACH_FILTER, scratch.address(), 2 * Long.BYTES),
                    "setsockopt SO_ATTACH_FILTER (" + filter.size() + " instructions)");
        }
    }

    /**
     * Makes a group of sockets among which the kernel divides frames by flow.
     *
     * @return its number, any of 0 to 65535: on a machine that has just started the first group is 0
     */
    int startFanout() throws LinuxException {
        fanout(FANOUT_HASH | FANOUT_FLAG_UNIQUE_ID, 0);
        scratch.bytes().putInt(Integer.BYTES, Integer.BYTES);
        LinuxException.check(
                Libc.getsockopt(number(), SOL_PACKET, FANOUT, scratch.address(), scratch.address() + Integer.BYTES),
                "getsockopt PACKET_FANOUT");
        return scratch.bytes().getInt(0) & 0xffff;
    }

    /** Joins a group, or makes it if there is none of this number. */
    void joinFanout(int group) throws LinuxException {
        fanout(FANOUT_HASH, group);
    }

    private void fanout(int type, int group) throws LinuxException {
        set(SOL_PACKET, FANOUT, type << Short.SIZE | group, "PACKET_FANOUT");
    }

    /** Returns how many frames were lost for want of room since the socket was bound. */
    synchronized long drops() {
        try (NativeMemory answer = NativeMemory.allocate(STATISTICS_BYTES + Integer.BYTES)) {
            answer.bytes().putInt(STATISTICS_BYTES, STATISTICS_BYTES);
            LinuxException.check(
                    Libc.getsockopt(
                            number(), SOL_PACKET, STATISTICS, answer.address(), answer.address() + STATISTICS_BYTES),
                    "getsockopt PACKET_STATISTICS");
            drops += Integer.toUnsignedLong(answer.bytes().getInt(STATISTICS_DROPS)); // reading resets them
            return drops;
        } catch (LinuxException e) {
            throw new IllegalStateException("an open AF_PACKET socket has statistics", e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
        scratch.close();
    }
}

package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.internal.linux.sys.Resources;

/** A local datagram socket that a filter is attached to: the kernel's own judgement on bytes, without a network. */
final class FilteredPipe implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int ADDRESS_BYTES = 2;
    private static final int BOUND_ADDRESS_BYTES = 8;

    private final Resources resources = new Resources();
    private final Descriptor receiver;
    private final Descriptor sender;
    private final NativeMemory scratch;
    private final int addressLength;

    FilteredPipe(ClassicFilter filter) throws LinuxException {
        receiver = resources.add(
                Descriptor.own(Libc.socket(AF_UNIX, SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket AF_UNIX"));
        sender = resources.add(
                Descriptor.own(Libc.socket(AF_UNIX, SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket AF_UNIX"));
        scratch = resources.add(NativeMemory.allocate(4096));
        scratch.bytes().putShort(0, (short) AF_UNIX);
        LinuxException.check(Libc.bind(receiver.number(), scratch.address(), ADDRESS_BYTES), "autobind AF_UNIX");
        scratch.bytes().putInt(64, 64);
        LinuxException.check(
                Libc.getsockname(receiver.number(), scratch.address(), scratch.address() + 64), "getsockname");
        addressLength = Math.max(BOUND_ADDRESS_BYTES, scratch.bytes().getInt(64));
        try (NativeMemory code = filter.toMemory()) {
            scratch.bytes().putLong(128, filter.size());
            scratch.bytes().putLong(136, code.address());
            LinuxException.check(
                    Libc.setsockopt(receiver.number(), Libc.SOL_SOCKET, SO_ATTACH_FILTER, scratch.address() + 128, 16),
                    "setsockopt SO_ATTACH_FILTER");
        }
    }

    /** Tells whether the filter lets a frame pass whole. */
    boolean passes(byte[] frame) {
        scratch.bytes().put(256, frame);
        Libc.sendto(
                sender.number(),
                scratch.address() + 256,
                frame.length,
                Libc.MSG_DONTWAIT,
                scratch.address(),
                addressLength);
        return Libc.recv(receiver.number(), scratch.address() + 2048, 2048, Libc.MSG_DONTWAIT) == frame.length;
    }

    @Override
    public void close() {
        resources.close();
    }
}

package org.dvm.nodeos.internal.linux.netlink;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/**
 * A socket that speaks netlink in the network namespace of the thread that opened it.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class NetlinkSocket implements AutoCloseable {
    /** What is done with each message of an answer. */
    interface Receiver {
        /**
         * Takes one message.
         *
         * @param type its type
         * @param bytes where it stands
         * @param from offset of its family header
         * @param to offset of its end
         */
        void accept(int type, ByteBuffer bytes, int from, int to);
    }

    static final int ROUTE = 0;
    static final int GENERIC = 16;

    static final int FLAG_REQUEST = 0x1;
    static final int FLAG_ACKNOWLEDGE = 0x4;
    static final int FLAG_EXCLUSIVE = 0x200;
    static final int FLAG_DUMP = 0x300;
    static final int FLAG_CREATE = 0x400;
    private static final int FLAG_DUMP_INTERRUPTED = 0x10;

    private static final int MESSAGE_ERROR = 2;
    private static final int MESSAGE_DONE = 3;
    private static final int BUFFER_BYTES = 1 << 16;

    // struct sockaddr_nl
    private static final int ADDRESS_BYTES = 12;
    private static final int ADDRESS_GROUPS = 8;

    private final Descriptor descriptor;
    private final NativeMemory buffer;
    private int sequence;

    private NetlinkSocket(Descriptor descriptor, NativeMemory buffer) {
        this.descriptor = descriptor;
        this.buffer = buffer;
    }

    static NetlinkSocket open(int protocol, int groups) throws LinuxException {
        NativeMemory buffer = NativeMemory.allocate(BUFFER_BYTES);
        try {
            Descriptor descriptor = Descriptor.own(
                    Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol), "socket AF_NETLINK");
            buffer.bytes().putShort(0, (short) Libc.AF_NETLINK);
            buffer.bytes().putInt(ADDRESS_GROUPS, groups);
            if (Libc.bind(descriptor.number(), buffer.address(), ADDRESS_BYTES) < 0) {
                LinuxException refused = LinuxException.of("bind AF_NETLINK", Libc.errno(), "");
                descriptor.close();
                throw refused;
            }
            return new NetlinkSocket(descriptor, buffer);
        } catch (LinuxException e) {
            buffer.close();
            throw e;
        }
    }

    int number() {
        return descriptor.number();
    }

    /** Asks for all objects of a kind; starts over when the kernel says they changed meanwhile. */
    void dump(int type, int familyHeaderBytes, Receiver receiver, Runnable restart) throws LinuxException {
        boolean consistent = false;
        while (!consistent) {
            restart.run();
            NetlinkMessage request = new NetlinkMessage(type, FLAG_REQUEST | FLAG_DUMP, ++sequence);
            for (int i = 0; i < NetlinkMessage.align(familyHeaderBytes); i++) {
                request.putByte(0);
            }
            send(request, "rtnetlink dump " + type);
            consistent = receiveAnswer("rtnetlink dump " + type, receiver);
        }
    }

    /** Sends a change built for the next sequence number and waits until it is done. */
    void change(String operation, IntFunction<NetlinkMessage> builder) throws LinuxException {
        ask(operation, builder, (type, bytes, from, to) -> {});
    }

    /** Sends a request built for the next sequence number, which asks for acknowledgement, and takes the answers. */
    void ask(String operation, IntFunction<NetlinkMessage> builder, Receiver receiver) throws LinuxException {
        send(builder.apply(++sequence), operation);
        receiveAnswer(operation, receiver);
    }

    private void send(NetlinkMessage message, String operation) throws LinuxException {
        ByteBuffer bytes = message.finish();
        buffer.bytes().put(0, bytes, 0, bytes.limit());
        LinuxException.check(Libc.sendto(descriptor.number(), buffer.address(), bytes.limit(), 0, 0, 0), operation);
    }

    private boolean receiveAnswer(String operation, Receiver receiver) throws LinuxException {
        boolean consistent = true;
        while (true) {
            int length = receive(operation);
            int at = 0;
            while (at + NetlinkMessage.HEADER_BYTES <= length) {
                ByteBuffer bytes = buffer.bytes();
                int end = at + bytes.getInt(at + NetlinkMessage.LENGTH);
                int type = Short.toUnsignedInt(bytes.getShort(at + NetlinkMessage.TYPE));
                boolean mine = bytes.getInt(at + NetlinkMessage.SEQUENCE) == sequence;
                consistent &= (bytes.getShort(at + NetlinkMessage.FLAGS) & FLAG_DUMP_INTERRUPTED) == 0;
                if (mine && type == MESSAGE_ERROR) {
                    int error = -bytes.getInt(at + NetlinkMessage.HEADER_BYTES);
                    if (error != 0) {
                        throw LinuxException.of(
                                operation, error, error == Errno.EPERM.number() ? "grant CAP_NET_ADMIN" : "");
                    }
                    return consistent;
                }
                if (mine && type == MESSAGE_DONE) {
                    return consistent;
                }
                if (mine) {
                    receiver.accept(type, bytes, at + NetlinkMessage.HEADER_BYTES, end);
                }
                at = NetlinkMessage.align(end);
            }
        }
    }

    /** Hands on the messages of one notification; blocks until there is one. */
    void receiveNotification(Receiver receiver) throws LinuxException {
        int length = receive("rtnetlink notification");
        int at = 0;
        while (at + NetlinkMessage.HEADER_BYTES <= length) {
            ByteBuffer bytes = buffer.bytes();
            int end = at + bytes.getInt(at + NetlinkMessage.LENGTH);
            receiver.accept(
                    Short.toUnsignedInt(bytes.getShort(at + NetlinkMessage.TYPE)),
                    bytes,
                    at + NetlinkMessage.HEADER_BYTES,
                    end);
            at = NetlinkMessage.align(end);
        }
    }

    private int receive(String operation) throws LinuxException {
        while (true) {
            long length = Libc.recv(descriptor.number(), buffer.address(), buffer.length(), 0);
            if (length >= 0) {
                return (int) length;
            }
            if (Libc.errno() != Errno.EINTR.number()) {
                LinuxException.check(length, operation);
            }
        }
    }

    @Override
    public void close() {
        descriptor.close();
        buffer.close();
    }
}

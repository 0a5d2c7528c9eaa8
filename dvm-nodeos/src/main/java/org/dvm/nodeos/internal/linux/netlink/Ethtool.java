package org.dvm.nodeos.internal.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;

/** Settings of interfaces that only the ethtool ioctl tells, in the network namespace of the calling thread. */
public final class Ethtool {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SIOCETHTOOL = 0x8946;
    private static final int GET_SETTINGS = 0x1;
    private static final int SET_GENERIC_RECEIVE_OFFLOAD = 0x2c;

    // struct ifreq: name, address of the command
    private static final int NAME_BYTES = 16;
    private static final int COMMAND_ADDRESS = 16;
    private static final int REQUEST_BYTES = 40;

    // struct ethtool_cmd
    private static final int SPEED = 12;
    private static final int SPEED_HIGH = 28;
    private static final int SPEED_UNKNOWN = -1;
    private static final int COMMAND_BYTES = 48;

    private Ethtool() {}

    /**
     * Asks for the speed of a link.
     *
     * @param name the interface
     * @return megabits per second, or nothing if the interface has no speed
     * @throws LinuxException if the system is out of descriptors or memory
     */
    public static OptionalInt speedMegabits(String name) throws LinuxException {
        try (NativeMemory request = request(name)) {
            ByteBuffer fields = request.bytes();
            fields.putInt(REQUEST_BYTES, GET_SETTINGS);
            if (call(request) < 0) {
                return OptionalInt.empty();
            }
            int speed = Short.toUnsignedInt(fields.getShort(REQUEST_BYTES + SPEED))
                    | fields.getShort(REQUEST_BYTES + SPEED_HIGH) << Short.SIZE;
            return speed == SPEED_UNKNOWN || speed == 0 ? OptionalInt.empty() : OptionalInt.of(speed);
        }
    }

    /**
     * Switches generic receive offload on; a virtual Ethernet interface then polls for frames, which its peer needs in
     * order to take redirected ones.
     *
     * @param name the interface
     * @throws LinuxException EPERM without CAP_NET_ADMIN
     */
    public static void enableReceiveOffload(String name) throws LinuxException {
        try (NativeMemory request = request(name)) {
            request.bytes().putInt(REQUEST_BYTES, SET_GENERIC_RECEIVE_OFFLOAD);
            request.bytes().putInt(REQUEST_BYTES + Integer.BYTES, 1);
            LinuxException.check(call(request), "ioctl SIOCETHTOOL: GRO of " + name);
        }
    }

    private static NativeMemory request(String name) throws LinuxException {
        NativeMemory request = NativeMemory.allocate(REQUEST_BYTES + COMMAND_BYTES);
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        request.bytes().put(0, ascii, 0, Math.min(ascii.length, NAME_BYTES - 1));
        request.bytes().putLong(COMMAND_ADDRESS, request.address() + REQUEST_BYTES);
        return request;
    }

    private static int call(NativeMemory request) throws LinuxException {
        try (Descriptor socket =
                Descriptor.own(Libc.socket(AF_INET, SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket for SIOCETHTOOL")) {
            return Libc.ioctl(socket.number(), SIOCETHTOOL, request.address());
        }
    }
}

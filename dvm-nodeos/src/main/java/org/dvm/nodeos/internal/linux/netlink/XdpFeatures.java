package org.dvm.nodeos.internal.linux.netlink;

import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.LinuxException;

/** What an interface can do for XDP programs, asked through the kernel's generic netlink family {@code netdev}. */
public final class XdpFeatures {
    private static final int ACCEPTS_REDIRECTED_FRAMES = 1 << 2;
    private static final long UNKNOWN = -1;

    private static final int CONTROL_FAMILY = 16;
    private static final int CONTROL_GET_FAMILY = 3;
    private static final int CONTROL_ATTRIBUTE_FAMILY_ID = 1;
    private static final int CONTROL_ATTRIBUTE_FAMILY_NAME = 2;
    private static final int NETDEV_GET_DEVICE = 1;
    private static final int NETDEV_ATTRIBUTE_INTERFACE = 1;
    private static final int NETDEV_ATTRIBUTE_XDP_FEATURES = 3;

    /** struct genlmsghdr: command u8, version u8, reserved u16. */
    private static final int GENERIC_HEADER_BYTES = 4;

    private XdpFeatures() {}

    /**
     * Tells whether programs of other interfaces may redirect frames to an interface of the calling thread's network
     * namespace. A virtual Ethernet interface can take them only while its peer runs an XDP program or has GRO on.
     *
     * @param interfaceIndex the interface
     * @return whether it takes them, as far as is known: kernels before 6.3 don't tell
     * @throws LinuxException if the kernel refuses
     */
    public static boolean acceptsRedirectedFrames(int interfaceIndex) throws LinuxException {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.GENERIC, 0)) {
            int family = family(socket, "netdev");
            return (features(socket, family, interfaceIndex) & ACCEPTS_REDIRECTED_FRAMES) != 0;
        } catch (LinuxException e) {
            if (e.is(Errno.ENOENT)) {
                return true; // the kernel has no such family
            }
            throw e;
        }
    }

    private static int family(NetlinkSocket socket, String name) throws LinuxException {
        int[] family = {0};
        socket.ask(
                "netlink find family " + name,
                sequence -> request(CONTROL_FAMILY, CONTROL_GET_FAMILY, sequence)
                        .attribute(CONTROL_ATTRIBUTE_FAMILY_NAME, name),
                (type, bytes, from, to) -> family[0] =
                        Attributes.read(bytes, from + GENERIC_HEADER_BYTES, to).half(CONTROL_ATTRIBUTE_FAMILY_ID));
        return family[0];
    }

    private static long features(NetlinkSocket socket, int family, int interfaceIndex) throws LinuxException {
        long[] features = {UNKNOWN};
        socket.ask(
                "netlink features of interface " + interfaceIndex,
                sequence -> request(family, NETDEV_GET_DEVICE, sequence)
                        .attribute(NETDEV_ATTRIBUTE_INTERFACE, interfaceIndex),
                (type, bytes, from, to) -> features[0] =
                        Attributes.read(bytes, from + GENERIC_HEADER_BYTES, to).word(NETDEV_ATTRIBUTE_XDP_FEATURES, 0));
        return features[0];
    }

    private static NetlinkMessage request(int family, int command, int sequence) {
        return new NetlinkMessage(family, NetlinkSocket.FLAG_REQUEST | NetlinkSocket.FLAG_ACKNOWLEDGE, sequence)
                .putByte(command)
                .putByte(1)
                .putShort(0);
    }
}

package org.dvm.nodeos.internal.linux.netlink;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of the network, asked and changed through rtnetlink(7), in the network namespace of the thread
 * that opened this object.
 *
 * <p><b>Threads:</b> one at a time.
 */
public final class Rtnetlink implements AutoCloseable {
    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int GET_ADDRESS = 22;
    private static final int NEW_ROUTE = 24;
    private static final int GET_ROUTE = 26;
    private static final int NEW_NEIGHBOUR = 28;
    private static final int GET_NEIGHBOUR = 30;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    /*
     * struct ifinfomsg                    struct ifaddrmsg                 struct rtmsg
     *  0 family u8   2 type u16            0 family u8  1 prefix u8         0 family u8  1 destination bits u8
     *  4 index s32   8 flags u32           2 flags u8   3 scope u8          4 table u8   7 type u8
     * 12 change u32                        4 index u32                      8 flags u32
     *
     * struct ndmsg: 0 family u8, 4 index s32, 8 state u16, 10 flags u8, 11 type u8
     */
    private static final int LINK_HEADER_BYTES = 16;
    private static final int LINK_INDEX = 4;
    private static final int LINK_FLAGS = 8;
    private static final int ADDRESS_HEADER_BYTES = 8;
    private static final int ADDRESS_PREFIX = 1;
    private static final int ADDRESS_INDEX = 4;
    private static final int ROUTE_HEADER_BYTES = 12;
    private static final int ROUTE_FAMILY = 0;
    private static final int ROUTE_DESTINATION_BITS = 1;
    private static final int ROUTE_TABLE = 4;
    private static final int ROUTE_TYPE = 7;
    private static final int NEIGHBOUR_HEADER_BYTES = 12;
    private static final int NEIGHBOUR_INDEX = 4;

    private static final int LINK_ATTRIBUTE_ADDRESS = 1;
    private static final int LINK_ATTRIBUTE_NAME = 3;
    private static final int LINK_ATTRIBUTE_QDISC = 6;
    private static final int LINK_ATTRIBUTE_MTU = 4;
    private static final int LINK_ATTRIBUTE_INFO = 18;
    private static final int LINK_ATTRIBUTE_NAMESPACE_DESCRIPTOR = 28;
    private static final int LINK_ATTRIBUTE_RECEIVE_QUEUES = 32;
    private static final int LINK_ATTRIBUTE_STATISTICS = 23;
    private static final int STATISTICS_TRANSMIT_DROPS = 7 * Long.BYTES; // struct rtnl_link_stats64
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int ADDRESS_ATTRIBUTE_ADDRESS = 1;
    private static final int ADDRESS_ATTRIBUTE_LOCAL = 2;
    private static final int ROUTE_ATTRIBUTE_DESTINATION = 1;
    private static final int ROUTE_ATTRIBUTE_INTERFACE = 4;
    private static final int ROUTE_ATTRIBUTE_GATEWAY = 5;
    private static final int NEIGHBOUR_ATTRIBUTE_DESTINATION = 1;
    private static final int NEIGHBOUR_ATTRIBUTE_LINK_ADDRESS = 2;

    private static final int TABLE_MAIN = 254;
    private static final int ROUTE_UNICAST = 1;
    private static final int FLAG_UP = 1;

    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a conversation.
     *
     * @return the conversation
     * @throws LinuxException if the kernel refuses
     */
    public static Rtnetlink open() throws LinuxException {
        return new Rtnetlink(NetlinkSocket.open(NetlinkSocket.ROUTE, 0));
    }

    /**
     * Lists the interfaces.
     *
     * @return all of them, by index
     * @throws LinuxException if the kernel refuses
     */
    public List<LinkInfo> links() throws LinuxException {
        List<LinkInfo> links = new ArrayList<>();
        socket.dump(
                GET_LINK,
                LINK_HEADER_BYTES,
                (type, bytes, from, to) -> {
                    if (type == NEW_LINK) {
                        links.add(readLink(bytes, from, to));
                    }
                },
                links::clear);
        return links;
    }

    /**
     * Finds an interface.
     *
     * @param name its name
     * @return the interface, or nothing if there is none of that name
     * @throws LinuxException if the kernel refuses
     */
    public Optional<LinkInfo> link(String name) throws LinuxException {
        return links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    static LinkInfo readLink(ByteBuffer bytes, int from, int to) {
        Attributes attributes = Attributes.read(bytes, from + LINK_HEADER_BYTES, to);
        return new LinkInfo(
                bytes.getInt(from + LINK_INDEX),
                attributes.text(LINK_ATTRIBUTE_NAME),
                attributes.mac(LINK_ATTRIBUTE_ADDRESS),
                attributes.text(LINK_ATTRIBUTE_QDISC),
                attributes.integer(LINK_ATTRIBUTE_MTU, 0),
                bytes.getInt(from + LINK_FLAGS),
                Math.max(1, attributes.integer(LINK_ATTRIBUTE_RECEIVE_QUEUES, 1)),
                attributes.word(LINK_ATTRIBUTE_STATISTICS, STATISTICS_TRANSMIT_DROPS),
                attributes.nested(LINK_ATTRIBUTE_INFO).text(INFO_KIND));
    }

    /**
     * Lists the IP addresses.
     *
     * @return those of all interfaces
     * @throws LinuxException if the kernel refuses
     */
    public List<AddressInfo> addresses() throws LinuxException {
        List<AddressInfo> addresses = new ArrayList<>();
        socket.dump(
                GET_ADDRESS,
                ADDRESS_HEADER_BYTES,
                (type, bytes, from, to) -> {
                    Attributes attributes = Attributes.read(bytes, from + ADDRESS_HEADER_BYTES, to);
                    InetAddress local = attributes.address(ADDRESS_ATTRIBUTE_LOCAL);
                    InetAddress address = local == null ? attributes.address(ADDRESS_ATTRIBUTE_ADDRESS) : local;
                    if (type == NEW_ADDRESS && address != null) {
                        addresses.add(new AddressInfo(
                                bytes.getInt(from + ADDRESS_INDEX), address, bytes.get(from + ADDRESS_PREFIX) & 0xff));
                    }
                },
                addresses::clear);
        return addresses;
    }

    /**
     * Lists the unicast routes of the main table.
     *
     * @return the routes
     * @throws LinuxException if the kernel refuses
     */
    public List<RouteInfo> routes() throws LinuxException {
        List<RouteInfo> routes = new ArrayList<>();
        socket.dump(
                GET_ROUTE,
                ROUTE_HEADER_BYTES,
                (type, bytes, from, to) -> {
                    if (type == NEW_ROUTE
                            && (bytes.get(from + ROUTE_TABLE) & 0xff) == TABLE_MAIN
                            && bytes.get(from + ROUTE_TYPE) == ROUTE_UNICAST) {
                        RouteInfo route = readRoute(bytes, from, to);
                        if (route != null) {
                            routes.add(route);
                        }
                    }
                },
                routes::clear);
        return routes;
    }

    private static @Nullable RouteInfo readRoute(ByteBuffer bytes, int from, int to) {
        Attributes attributes = Attributes.read(bytes, from + ROUTE_HEADER_BYTES, to);
        InetAddress destination = attributes.address(ROUTE_ATTRIBUTE_DESTINATION);
        if (destination == null) {
            destination = anyAddress(bytes.get(from + ROUTE_FAMILY));
        }
        return destination == null
                ? null
                : new RouteInfo(
                        destination,
                        bytes.get(from + ROUTE_DESTINATION_BITS) & 0xff,
                        attributes.address(ROUTE_ATTRIBUTE_GATEWAY),
                        attributes.integer(ROUTE_ATTRIBUTE_INTERFACE, 0));
    }

    private static @Nullable InetAddress anyAddress(int family) {
        try {
            return switch (family) {
                case AF_INET -> InetAddress.getByAddress(new byte[4]);
                case AF_INET6 -> InetAddress.getByAddress(new byte[16]);
                default -> null;
            };
        } catch (UnknownHostException e) {
            throw new AssertionError("addresses of 4 and 16 bytes are always accepted", e);
        }
    }

    /**
     * Lists the neighbours with known Ethernet addresses.
     *
     * @return the neighbours
     * @throws LinuxException if the kernel refuses
     */
    public List<NeighbourInfo> neighbours() throws LinuxException {
        List<NeighbourInfo> neighbours = new ArrayList<>();
        socket.dump(
                GET_NEIGHBOUR,
                NEIGHBOUR_HEADER_BYTES,
                (type, bytes, from, to) -> {
                    Attributes attributes = Attributes.read(bytes, from + NEIGHBOUR_HEADER_BYTES, to);
                    InetAddress address = attributes.address(NEIGHBOUR_ATTRIBUTE_DESTINATION);
                    MacAddress mac = attributes.mac(NEIGHBOUR_ATTRIBUTE_LINK_ADDRESS);
                    if (type == NEW_NEIGHBOUR && address != null && !mac.equals(MacAddress.NONE)) {
                        neighbours.add(new NeighbourInfo(bytes.getInt(from + NEIGHBOUR_INDEX), address, mac));
                    }
                },
                neighbours::clear);
        return neighbours;
    }

    /**
     * Creates a pair of virtual Ethernet interfaces, this end here and the other in another namespace.
     *
     * @param name name of this end
     * @param peerName name of the other end
     * @param peerNamespaceDescriptor descriptor of the namespace of the other end
     * @throws LinuxException EEXIST if a name is taken, EPERM without CAP_NET_ADMIN
     */
    public void createVethPair(String name, String peerName, int peerNamespaceDescriptor) throws LinuxException {
        socket.change("rtnetlink create veth " + name, sequence -> {
            NetlinkMessage message =
                    linkMessage(NEW_LINK, NetlinkSocket.FLAG_CREATE | NetlinkSocket.FLAG_EXCLUSIVE, sequence, 0, 0, 0);
            message.attribute(LINK_ATTRIBUTE_NAME, name);
            int info = message.begin(LINK_ATTRIBUTE_INFO);
            message.attribute(INFO_KIND, "veth");
            int data = message.begin(INFO_DATA);
            int peer = message.begin(VETH_PEER);
            putLinkHeader(message, 0, 0, 0);
            message.attribute(LINK_ATTRIBUTE_NAME, peerName);
            message.attribute(LINK_ATTRIBUTE_NAMESPACE_DESCRIPTOR, peerNamespaceDescriptor);
            return message.end(peer).end(data).end(info);
        });
    }

    /**
     * Switches an interface on.
     *
     * @param index the interface
     * @throws LinuxException EPERM without CAP_NET_ADMIN
     */
    public void setUp(int index) throws LinuxException {
        socket.change(
                "rtnetlink set interface " + index + " up",
                sequence -> linkMessage(NEW_LINK, 0, sequence, index, FLAG_UP, FLAG_UP));
    }

    /**
     * Changes the MTU of an interface.
     *
     * @param index the interface
     * @param mtu bytes
     * @throws LinuxException EPERM without CAP_NET_ADMIN, EINVAL if the interface can't have it
     */
    public void setMtu(int index, int mtu) throws LinuxException {
        socket.change(
                "rtnetlink set MTU of interface " + index + " to " + mtu,
                sequence -> linkMessage(NEW_LINK, 0, sequence, index, 0, 0).attribute(LINK_ATTRIBUTE_MTU, mtu));
    }

    /**
     * Removes an interface.
     *
     * @param index the interface
     * @throws LinuxException EPERM without CAP_NET_ADMIN
     */
    public void deleteLink(int index) throws LinuxException {
        socket.change(
                "rtnetlink delete interface " + index, sequence -> linkMessage(DELETE_LINK, 0, sequence, index, 0, 0));
    }

    /**
     * Gives an interface an IP address.
     *
     * @param index the interface
     * @param address the address
     * @param prefixLength bits of it that name the network
     * @throws LinuxException EEXIST if it has it already, EPERM without CAP_NET_ADMIN
     */
    public void addAddress(int index, InetAddress address, int prefixLength) throws LinuxException {
        socket.change("rtnetlink add " + address.getHostAddress() + " to interface " + index, sequence -> {
            int flags = NetlinkSocket.FLAG_REQUEST
                    | NetlinkSocket.FLAG_ACKNOWLEDGE
                    | NetlinkSocket.FLAG_CREATE
                    | NetlinkSocket.FLAG_EXCLUSIVE;
            NetlinkMessage message = new NetlinkMessage(NEW_ADDRESS, flags, sequence)
                    .putByte(family(address))
                    .putByte(prefixLength)
                    .putByte(0)
                    .putByte(0)
                    .putInt(index)
                    .attribute(ADDRESS_ATTRIBUTE_LOCAL, address.getAddress());
            return message.attribute(ADDRESS_ATTRIBUTE_ADDRESS, address.getAddress());
        });
    }

    private static int family(InetAddress address) {
        if (address instanceof Inet4Address) {
            return AF_INET;
        }
        if (address instanceof Inet6Address) {
            return AF_INET6;
        }
        throw new IllegalArgumentException("neither IPv4 nor IPv6: address=" + address);
    }

    private static NetlinkMessage linkMessage(
            int type, int extraFlags, int sequence, int index, int flags, int changeMask) {
        NetlinkMessage message = new NetlinkMessage(
                type, NetlinkSocket.FLAG_REQUEST | NetlinkSocket.FLAG_ACKNOWLEDGE | extraFlags, sequence);
        putLinkHeader(message, index, flags, changeMask);
        return message;
    }

    private static void putLinkHeader(NetlinkMessage message, int index, int flags, int changeMask) {
        message.putShort(0).putShort(0).putInt(index).putInt(flags).putInt(changeMask);
    }

    /** Ends the conversation. */
    @Override
    public void close() {
        socket.close();
    }
}

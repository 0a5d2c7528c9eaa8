package org.dvm.nodeos.link;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link over UDP sockets of plain Java: no privileges, any operating system, the same channels above it.
 *
 * <p>The administrator names the addresses and ports that are bound. A datagram that arrives is given the Ethernet, IPv4 and
 * UDP headers that it would have had, so {@code if0/eth/ip/udp} channels and their demultiplexing keys work as on a real
 * link. A frame that leaves must be a UDP datagram from one of the bound ports, which is what {@code if0/eth/ip/udp} output
 * channels make; others are dropped and counted. The link has no Ethernet address, so output channels need no {@code mac=}.
 *
 * <p>Unlike the other back ends this one allocates: the JDK makes an address object for each datagram received.
 *
 * <p><b>Threads:</b> as {@link LinkDriver} says.
 */
public final class SocketLink extends PlainDriver {
    /** Largest packet, with IP and UDP headers. */
    public static final int MTU_BYTES = 1500;

    private static final int ETHERNET_BYTES = 14;
    private static final int IP_BYTES = 20;
    private static final int HEADER_BYTES = ETHERNET_BYTES + IP_BYTES + 8;
    private static final int RING_FRAMES = 64;
    private static final int TYPE_IP = 0x0800;
    private static final int UDP = 17;
    private static final int TIME_TO_LIVE = 64;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A bound socket and its address as it stands in headers. */
    private record Socket(DatagramChannel channel, int address, int port) {}

    private final List<Socket> sockets;
    private final Selector selector;

    // The receiving side.
    private final ByteBuffer receiveWindow;
    private int identification;

    // The sending side.
    private final ByteBuffer transmitWindow;
    private final int[] sent = new int[RING_FRAMES];
    private int sentCount;
    private @Nullable InetSocketAddress lastDestination;
    private long lastDestinationBits = -1;

    private SocketLink(LinkDescription link, FrameMemory memory, List<Socket> sockets, Selector selector) {
        super(link, memory, RING_FRAMES, RING_FRAMES);
        this.sockets = sockets;
        this.selector = selector;
        this.receiveWindow = memory.bytes().duplicate();
        this.transmitWindow = memory.bytes().duplicate();
    }

    /**
     * Binds sockets and opens the link.
     *
     * @param name of the link, as protocol specifications spell it
     * @param local IPv4 addresses and ports to bind; no wildcard address, port 0 for any free one
     * @param capacityBytesPerMilli what admission control may give away, in bytes per millisecond
     * @param memory where frames live
     * @return the driver
     * @throws LinkException if an address can't be bound; none stays bound
     */
    public static SocketLink open(
            String name, List<InetSocketAddress> local, long capacityBytesPerMilli, FrameMemory memory) {
        List<Socket> sockets = new ArrayList<>();
        List<InterfaceAddress> addresses = new ArrayList<>();
        Selector selector = null;
        try {
            selector = Selector.open();
            for (InetSocketAddress address : local) {
                sockets.add(bind(address, selector));
                addresses.add(new InterfaceAddress(address.getAddress(), 32));
            }
            LinkDescription link =
                    new LinkDescription(name, 0, MacAddress.NONE, MTU_BYTES, addresses, capacityBytesPerMilli);
            return new SocketLink(link, memory, List.copyOf(sockets), selector);
        } catch (IOException | RuntimeException e) {
            LinkException failure = e instanceof LinkException known
                    ? known
                    : new LinkException("binding UDP sockets of link " + name + " failed: " + e.getMessage(), e);
            closeAll(sockets, selector, failure);
            throw failure;
        }
    }

    private static Socket bind(InetSocketAddress address, Selector selector) throws IOException {
        if (!(address.getAddress() instanceof Inet4Address)
                || address.getAddress().isAnyLocalAddress()) {
            throw new LinkException(
                    "socket link needs IPv4 addresses of this machine, no wildcard: address=" + address, null);
        }
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        boolean bound = false;
        try {
            channel.bind(address);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            InetSocketAddress actual = (InetSocketAddress) channel.getLocalAddress();
            bound = true;
            return new Socket(channel, bitsOf(actual.getAddress()), actual.getPort());
        } finally {
            if (!bound) {
                channel.close();
            }
        }
    }

    private static void closeAll(List<Socket> sockets, @Nullable Selector selector, @Nullable LinkException failure) {
        LinkException first = failure;
        for (Socket socket : sockets) {
            first = close(socket.channel, first);
        }
        if (selector != null) {
            first = close(selector, first);
        }
        if (failure == null && first != null) {
            throw first;
        }
    }

    private static @Nullable LinkException close(java.io.Closeable resource, @Nullable LinkException failure) {
        try {
            resource.close();
            return failure;
        } catch (IOException e) {
            if (failure == null) {
                return new LinkException("closing a socket link failed: " + e.getMessage(), e);
            }
            failure.addSuppressed(e);
            return failure;
        }
    }

    private static int bitsOf(InetAddress address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /**
     * Returns the ports that are bound, in the order in which they were named.
     *
     * @return port numbers, none of them 0
     */
    public List<Integer> ports() {
        return sockets.stream().map(Socket::port).toList();
    }

    @Override
    public String backEnd() {
        return "sockets";
    }

    @Override
    public int receive(FrameBatch full) {
        int before = full.size();
        long bytes = 0;
        for (Socket socket : sockets) {
            while (full.remaining() > 0 && hasEmptyFrame()) {
                int frame = nextEmptyFrame();
                int length = receive(socket, frame);
                if (length < 0) {
                    break;
                }
                if (length > MTU_BYTES + ETHERNET_BYTES) {
                    lostReceiving();
                    continue;
                }
                useEmptyFrame();
                full.add(frame, length);
                bytes += length;
            }
        }
        int count = full.size() - before;
        received(count, bytes);
        return count;
    }

    /** Returns the length of the frame made of the next datagram, or -1 if there is none. */
    private int receive(Socket socket, int frame) {
        ByteBuffer window = receiveWindow;
        // One byte more than fits, to notice what was cut off.
        window.clear().position(frame + HEADER_BYTES).limit(frame + MTU_BYTES + ETHERNET_BYTES + 1);
        try {
            InetSocketAddress source = (InetSocketAddress) socket.channel.receive(window);
            if (source == null) {
                return -1;
            }
            int length = window.position() - frame;
            writeHeaders(frame, length, source, socket);
            return length;
        } catch (IOException e) {
            lostReceiving(); // such as an ICMP answer to what was sent before
            return -1;
        }
    }

    private void writeHeaders(int frame, int length, InetSocketAddress source, Socket socket) {
        ByteBuffer bytes = memory().bytes();
        int ip = frame + ETHERNET_BYTES;
        int udp = ip + IP_BYTES;
        bytes.putLong(frame, 0);
        bytes.putInt(frame + 8, 0);
        bytes.putShort(frame + 12, (short) TYPE_IP);
        bytes.putInt(ip, 0x4500_0000 | (length - ETHERNET_BYTES));
        bytes.putInt(ip + 4, (identification++ & 0xffff) << 16);
        bytes.putInt(ip + 8, TIME_TO_LIVE << 24 | UDP << 16);
        bytes.putInt(ip + 12, bitsOf(source.getAddress()));
        bytes.putInt(ip + 16, socket.address);
        bytes.putShort(ip + 10, checksum(bytes, ip));
        bytes.putShort(udp, (short) source.getPort());
        bytes.putShort(udp + 2, (short) socket.port);
        bytes.putInt(udp + 4, (length - ETHERNET_BYTES - IP_BYTES) << 16); // no checksum: the kernel has verified it
    }

    private static short checksum(ByteBuffer bytes, int ip) {
        int sum = 0;
        for (int i = 0; i < IP_BYTES; i += 2) {
            sum += bytes.getShort(ip + i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    @Override
    public int transmit(FrameBatch frames) {
        int count = 0;
        long bytes = 0;
        while (count < frames.size() && sentCount < RING_FRAMES) {
            int length = frames.length(count);
            int result = transmit(frames.offset(count), length);
            if (result == 0) {
                break; // the socket's buffer is full: this frame stays the node's
            }
            if (result < 0) {
                lostTransmitting();
            } else {
                bytes += length;
            }
            sent[sentCount++] = frames.offset(count);
            count++;
        }
        frames.removeFirst(count);
        transmitted(count, bytes);
        return count;
    }

    /** Returns 1 if the frame was sent, 0 if it can't be sent now, -1 if never. */
    private int transmit(int frame, int length) {
        ByteBuffer bytes = memory().bytes();
        int ip = frame + ETHERNET_BYTES;
        int udp = ip + IP_BYTES;
        if (length < HEADER_BYTES
                || bytes.getShort(frame + 12) != TYPE_IP
                || bytes.get(ip) != 0x45
                || bytes.get(ip + 9) != UDP) {
            return -1;
        }
        int datagramBytes = bytes.getShort(udp + 4) & 0xffff;
        Socket socket = find(bytes.getInt(ip + 12), bytes.getShort(udp) & 0xffff);
        if (socket == null || datagramBytes < 8 || datagramBytes > length - ETHERNET_BYTES - IP_BYTES) {
            return -1;
        }
        transmitWindow.clear().position(udp + 8).limit(udp + datagramBytes);
        try {
            InetSocketAddress to = destination(bytes.getInt(ip + 16), bytes.getShort(udp + 2) & 0xffff);
            boolean full = socket.channel.send(transmitWindow, to) == 0 && datagramBytes > 8;
            return full ? 0 : 1;
        } catch (IOException e) {
            return -1; // no route, refused by the system: lost and counted
        }
    }

    private @Nullable Socket find(int address, int port) {
        for (Socket socket : sockets) {
            if (socket.port == port && socket.address == address) {
                return socket;
            }
        }
        return null;
    }

    private InetSocketAddress destination(int address, int port) throws UnknownHostException {
        long bits = (long) address << 16 ^ port;
        InetSocketAddress known = lastDestination;
        if (known != null && bits == lastDestinationBits) {
            return known;
        }
        byte[] host = ByteBuffer.allocate(4).putInt(address).array();
        InetSocketAddress made = new InetSocketAddress(InetAddress.getByAddress(host), port);
        lastDestination = made;
        lastDestinationBits = bits;
        return made;
    }

    @Override
    public int reclaim(FrameBatch done) {
        int count = 0;
        while (sentCount > 0 && done.remaining() > 0) {
            done.add(sent[--sentCount], 0);
            count++;
        }
        return count;
    }

    @Override
    public void awaitReceive(long timeoutNanos) {
        try {
            selector.select(Math.max(1, timeoutNanos / NANOS_PER_MILLI));
            selector.selectedKeys().clear();
        } catch (IOException e) {
            throw new LinkException(
                    "waiting for datagrams on link " + description().name() + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() {
        closeAll(sockets, selector, null);
    }
}

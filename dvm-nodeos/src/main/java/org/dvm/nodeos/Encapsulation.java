package org.dvm.nodeos;

import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.MacAddress;
import org.jspecify.annotations.Nullable;

/**
 * Makes the headers that a protocol specification leaves to the node, and refuses what a channel may not send. Compiled
 * once a channel; used with the channel's send token, by the thread that holds the packet.
 */
final class Encapsulation {
    private static final int TIME_TO_LIVE = 64;
    private static final int IP_SOURCE = 12;
    private static final int IP_DESTINATION = 16;

    private final int level;
    private final boolean checksSource;
    private final Endpoint local;
    private final boolean anyRemote;
    private final int protocol;
    private final long addresses;
    private final long sourceAndType;
    private final int mtuBytes;
    private int identification;
    private int remoteAddress;
    private int remotePort;

    private Encapsulation(ProtocolSpec protocols, AddressSpec addresses, boolean checksSource, LinkDescription link) {
        this.level = protocols
                .top()
                .map(top -> switch (top) {
                    case ETH -> Headers.ETHERNET;
                    case IP -> Headers.IP;
                    case UDP, TCP -> Headers.TRANSPORT;
                })
                .orElse(Headers.RAW);
        this.checksSource = checksSource;
        this.local = addresses.local();
        this.anyRemote = addresses.remote().equals(Endpoint.ANY);
        this.remoteAddress = addresses.remote().address();
        this.remotePort = addresses.remote().firstPort();
        this.protocol = level == Headers.TRANSPORT
                ? (protocols.handles(Protocol.UDP) ? Headers.UDP : Headers.TCP)
                : addresses.number().orElse(0);
        long source = link.mac().bits();
        this.addresses = addresses.mac().map(MacAddress::bits).orElse(0L) << 16 | source >>> 32;
        this.sourceAndType = source << 16 | addresses.type().orElse(Headers.TYPE_IP);
        this.mtuBytes = link.mtuBytes();
    }

    /**
     * Compiles the headers of a channel.
     *
     * @param checksSource whether packets whose addresses the domain writes must carry its own
     * @throws SpecificationException if the addresses leave a header open
     */
    static Encapsulation of(ProtocolSpec protocols, AddressSpec addresses, boolean checksSource, LinkDescription link) {
        String text = addresses.toString();
        boolean ip = protocols.handles(Protocol.IP);
        boolean ports =
                protocols.top().map(t -> t == Protocol.UDP || t == Protocol.TCP).orElse(false);
        if (protocols.top().isPresent()
                && addresses.mac().isEmpty()
                && !link.mac().equals(MacAddress.NONE)) {
            throw new SpecificationException(
                    "output channel on an Ethernet needs the next hop's address, mac=...", text);
        }
        boolean anyRemote =
                protocols.handles(Protocol.UDP) && addresses.remote().equals(Endpoint.ANY);
        if (ip && !(addresses.local().isOneAddress() && (addresses.remote().isOneAddress() || anyRemote))) {
            throw new SpecificationException(
                    "output channel with ip needs one local and one remote address (or, with udp, remote=*)", text);
        }
        if (ports && !(addresses.local().isOnePort() && (addresses.remote().isOnePort() || anyRemote))) {
            throw new SpecificationException(
                    "output channel with udp or tcp needs one local and one remote port", text);
        }
        if (ip && !ports && addresses.number().isEmpty()) {
            throw new SpecificationException("output channel with ip needs the protocol number, proto=...", text);
        }
        if (addresses.type().isPresent() && ip) {
            throw new SpecificationException("the type of an IP packet is given, type=... goes with eth only", text);
        }
        if (checksSource
                && !ip
                && addresses.type().filter(t -> t != Headers.TYPE_IP).isPresent()) {
            throw new AuthorityException("domain without SEND_AS_ANY may send nothing but IPv4: " + text);
        }
        return new Encapsulation(protocols, addresses, checksSource, link);
    }

    // Hot path: no allocation, no locks, no logging.

    /**
     * Puts the headers before the data and takes the packet from the running thread.
     *
     * @return null if the packet may go, else why not; a refused packet may have some headers already
     */
    @Nullable
    DropReason seal(PacketBuffer packet) {
        if (level == Headers.ETHERNET && !checksSource) {
            return packet.seal(addresses, sourceAndType, mtuBytes) ? null : DropReason.BAD_HEADER;
        }
        DropReason refused = apply(packet);
        packet.surrender();
        return refused;
    }

    private @Nullable DropReason apply(PacketBuffer packet) {
        if (level == Headers.RAW) {
            return packet.length() < Headers.ETHERNET_BYTES || packet.length() > mtuBytes + Headers.ETHERNET_BYTES
                    ? DropReason.BAD_HEADER
                    : null;
        }
        DropReason refused = switch (level) {
            case Headers.TRANSPORT -> protocol == Headers.UDP ? datagram(packet) : segment(packet);
            case Headers.IP -> internet(packet);
            default -> checksSource ? checkSource(packet) : null;
        };
        if (refused != null) {
            return refused;
        }
        boolean fits = packet.length() <= mtuBytes && packet.encapsulate(addresses, sourceAndType);
        return fits ? null : DropReason.BAD_HEADER;
    }

    private @Nullable DropReason checkSource(PacketBuffer packet) {
        if (packet.length() < Headers.IP_BYTES || packet.getUnsignedByte(0) >>> 4 != 4) {
            return DropReason.BAD_HEADER;
        }
        return (packet.getInt(IP_SOURCE) & local.mask()) == local.address() ? null : DropReason.SPOOFED;
    }

    private @Nullable DropReason datagram(PacketBuffer packet) {
        int datagramBytes = packet.length() + Headers.UDP_BYTES;
        if (packet.headroom() < Headers.UDP_BYTES + Headers.IP_BYTES + Headers.ETHERNET_BYTES
                || datagramBytes > mtuBytes) {
            return DropReason.BAD_HEADER;
        }
        if (anyRemote) {
            long to = packet.annotation(PacketBuffer.REMOTE);
            if (to == 0) {
                return DropReason.BAD_HEADER;
            }
            remoteAddress = (int) (to >>> 16);
            remotePort = (int) to & 0xffff;
        }
        packet.push(Headers.UDP_BYTES);
        packet.setInt(0, local.firstPort() << 16 | remotePort);
        packet.setInt(4, datagramBytes << 16);
        int checksum = transportChecksum(packet);
        packet.setShort(6, checksum == 0 ? 0xffff : checksum);
        return internet(packet);
    }

    private @Nullable DropReason segment(PacketBuffer packet) {
        if (packet.length() < Headers.TCP_BYTES) {
            return DropReason.BAD_HEADER;
        }
        if (packet.getUnsignedShort(0) != local.firstPort()) {
            return DropReason.SPOOFED;
        }
        packet.setShort(2, remotePort);
        packet.setShort(16, 0);
        packet.setShort(16, transportChecksum(packet));
        return internet(packet);
    }

    /** Computes the checksum over the data and the pseudo header of UDP and TCP. */
    private int transportChecksum(PacketBuffer packet) {
        int length = packet.length();
        long sum = (~packet.internetChecksum(0, length) & 0xffffL)
                + (local.address() & 0xffff_ffffL)
                + (remoteAddress & 0xffff_ffffL)
                + protocol
                + length;
        return InternetChecksum.complement(sum);
    }

    private @Nullable DropReason internet(PacketBuffer packet) {
        int totalBytes = packet.length() + Headers.IP_BYTES;
        if (packet.headroom() < Headers.IP_BYTES + Headers.ETHERNET_BYTES || totalBytes > mtuBytes) {
            return DropReason.BAD_HEADER;
        }
        packet.push(Headers.IP_BYTES);
        packet.setInt(0, 0x4500_0000 | totalBytes);
        packet.setInt(4, (identification++ & 0xffff) << 16);
        packet.setInt(8, TIME_TO_LIVE << 24 | protocol << 16);
        packet.setInt(IP_SOURCE, local.address());
        packet.setInt(IP_DESTINATION, remoteAddress);
        packet.setShort(10, packet.internetChecksum(0, Headers.IP_BYTES));
        return null;
    }
}

package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.InternetChecksum;
import org.dvm.nodeos.PacketBuffer;

/**
 * The IPv4 header.
 *
 * <pre>
 *    0: version, header words   1: TOS      2: total length
 *    4: identification          6: flags, fragment offset
 *    8: TTL    9: protocol     10: checksum
 *   12: source                 16: destination                20: options
 * </pre>
 *
 * <p>Source: RFC 791.
 */
final class Ip {
    static final int TOS = 1;
    static final int LENGTH = 2;
    static final int ID = 4;
    static final int FRAGMENT = 6;
    static final int TTL = 8;
    static final int PROTOCOL = 9;
    static final int CHECKSUM = 10;
    static final int SOURCE = 12;
    static final int DESTINATION = 16;
    static final int HEADER_BYTES = 20;

    static final int DONT_FRAGMENT = 0x4000;
    static final int MORE_FRAGMENTS = 0x2000;
    static final int OFFSET_MASK = 0x1fff;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    static final int ETHERTYPE = 0x0800;

    private Ip() {}

    /** Returns the offset of the IP header from the data's start; -1 where the packet has none there. */
    static int header(PacketBuffer packet) {
        int offset = Annotations.networkHeader(packet);
        return offset >= 0 && offset + HEADER_BYTES <= packet.length() ? offset : -1;
    }

    /** Returns the header's length in bytes. */
    static int headerBytes(PacketBuffer packet, int ip) {
        return (packet.getUnsignedByte(ip) & 15) << 2;
    }

    /** Computes the header's checksum anew. */
    static void setChecksum(PacketBuffer packet, int ip) {
        packet.setShort(ip + CHECKSUM, 0);
        packet.setShort(ip + CHECKSUM, packet.internetChecksum(ip, headerBytes(packet, ip)));
    }

    /** Changes a 16-bit word of the header and the checksum with it. */
    static void setWord(PacketBuffer packet, int ip, int field, int value) {
        int old = packet.getUnsignedShort(ip + field);
        packet.setShort(ip + field, value);
        int checksum = packet.getUnsignedShort(ip + CHECKSUM);
        packet.setShort(ip + CHECKSUM, InternetChecksum.update(checksum, old, value));
    }

    /** Returns whether this is a later fragment of a datagram. */
    static boolean isLaterFragment(PacketBuffer packet, int ip) {
        return (packet.getUnsignedShort(ip + FRAGMENT) & OFFSET_MASK) != 0;
    }
}

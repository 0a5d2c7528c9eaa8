package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;

/**
 * What elements note beside a packet, each in a slot of its own.
 *
 * <pre>
 *   0 paint, parameter problem   1 destination IP   2 network header   3 fix source   4 time stamp   5 link-level kind
 * </pre>
 */
final class Annotations {
    private static final int PAINT = 0;
    private static final int DESTINATION = 1;
    private static final int NETWORK_HEADER = 2;
    private static final int FIX_SOURCE = 3;
    private static final int TIME_STAMP = 4;
    private static final int LINK_KIND = 5;

    /** Kinds of link-level destination: to this host, to all, to some, to another host. */
    static final int HOST = 0;

    static final int BROADCAST = 1;
    static final int MULTICAST = 2;
    static final int OTHER_HOST = 3;

    private Annotations() {}

    static int paint(PacketBuffer packet) {
        return (int) packet.annotation(PAINT) & 0xff;
    }

    static void setPaint(PacketBuffer packet, int color) {
        packet.setAnnotation(PAINT, (packet.annotation(PAINT) & ~0xffL) | color);
    }

    /** Returns the offset in the IP header of what an ICMP parameter problem is about. */
    static int parameterProblem(PacketBuffer packet) {
        return (int) packet.annotation(PAINT) >>> 8;
    }

    static void setParameterProblem(PacketBuffer packet, int offset) {
        packet.setAnnotation(PAINT, (packet.annotation(PAINT) & 0xff) | (long) offset << 8);
    }

    static int destination(PacketBuffer packet) {
        return (int) packet.annotation(DESTINATION);
    }

    static void setDestination(PacketBuffer packet, int address) {
        packet.setAnnotation(DESTINATION, address);
    }

    static boolean fixSource(PacketBuffer packet) {
        return packet.annotation(FIX_SOURCE) != 0;
    }

    static void setFixSource(PacketBuffer packet, boolean fix) {
        packet.setAnnotation(FIX_SOURCE, fix ? 1 : 0);
    }

    static long timeStamp(PacketBuffer packet) {
        return packet.annotation(TIME_STAMP);
    }

    static void setTimeStamp(PacketBuffer packet, long nanos) {
        packet.setAnnotation(TIME_STAMP, nanos);
    }

    static int linkKind(PacketBuffer packet) {
        return (int) packet.annotation(LINK_KIND);
    }

    static void setLinkKind(PacketBuffer packet, int kind) {
        packet.setAnnotation(LINK_KIND, kind);
    }

    /** Returns the offset of the IP header from the data's start, negative when it was stripped; MIN_VALUE if unknown. */
    static int networkHeader(PacketBuffer packet) {
        long noted = packet.annotation(NETWORK_HEADER);
        return noted == 0 ? Integer.MIN_VALUE : (int) noted - 1 - packet.headroom();
    }

    /** Notes where the IP header is; the note holds when headers are stripped or added in front. */
    static void setNetworkHeader(PacketBuffer packet, int offset) {
        packet.setAnnotation(NETWORK_HEADER, packet.headroom() + offset + 1L);
    }

    /** Copies all annotations; where the data start at the same distance from the frame, the header note fits, too. */
    static void copy(PacketBuffer from, PacketBuffer to) {
        int header = networkHeader(from);
        for (int slot = 0; slot < PacketBuffer.ANNOTATIONS; slot++) {
            to.setAnnotation(slot, from.annotation(slot));
        }
        if (header != Integer.MIN_VALUE) {
            setNetworkHeader(to, header);
        }
    }
}

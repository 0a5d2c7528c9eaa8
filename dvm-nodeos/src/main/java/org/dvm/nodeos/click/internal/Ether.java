package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;

/**
 * The Ethernet header.
 *
 * <pre>
 *   0: destination (6 bytes)   6: source (6 bytes)   12: type (2 bytes)   14: payload
 * </pre>
 */
final class Ether {
    static final int HEADER_BYTES = 14;
    static final int TYPE = 12;
    static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int SOURCE = 6;

    private Ether() {}

    static long destination(PacketBuffer frame) {
        return address(frame, 0);
    }

    static long source(PacketBuffer frame) {
        return address(frame, SOURCE);
    }

    static long address(PacketBuffer packet, int offset) {
        return packet.getLong(offset) >>> 16;
    }

    static void setAddress(PacketBuffer packet, int offset, long address) {
        packet.setShort(offset, (int) (address >>> 32));
        packet.setInt(offset + 2, (int) address);
    }

    /** Puts a header in front of the data. */
    static void push(PacketBuffer packet, long destination, long source, int type) {
        packet.push(HEADER_BYTES);
        packet.setLong(0, destination << 16 | source >>> 32);
        packet.setLong(HEADER_BYTES - Long.BYTES, source << 16 | type);
    }
}

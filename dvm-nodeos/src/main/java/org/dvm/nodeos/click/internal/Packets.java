package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.RouterContext;
import org.jspecify.annotations.Nullable;

/** Makes packets. */
final class Packets {
    private Packets() {}

    /** Returns a packet of that many zero bytes; null where there is no buffer left or none is large enough. */
    static @Nullable PacketBuffer ofLength(RouterContext context, int length) {
        PacketBuffer packet = context.newPacket();
        if (packet == null) {
            return null;
        }
        if (length > packet.tailroom()) {
            packet.release();
            return null;
        }
        packet.put(length);
        return packet;
    }

    /** Returns a copy with its annotations; null where there is no buffer left or none is large enough. */
    static @Nullable PacketBuffer copy(RouterContext context, PacketBuffer packet) {
        int length = packet.length();
        PacketBuffer copy = ofLength(context, length);
        if (copy != null) {
            copy.copyIn(0, packet, 0, length);
            Annotations.copy(packet, copy);
        }
        return copy;
    }

    /** Returns a packet of those bytes; null where there is no buffer left or none is large enough. */
    static @Nullable PacketBuffer of(RouterContext context, byte[] data) {
        PacketBuffer packet = ofLength(context, data.length);
        if (packet != null) {
            packet.copyIn(0, data, 0, data.length);
        }
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.RouterContext;
import org.jspecify.annotations.Nullable;

/** Makes packets. */
final class Packets {
    private Packets() {}

    /** Returns a copy with its annotations; null where there is no buffer left. */
    static @Nullable PacketBuffer copy(RouterContext context, PacketBuffer packet) {
        PacketBuffer copy = context.newPacket();
        if (copy != null) {
            int length = packet.length();
            copy.put(length);
            copy.copyIn(0, packet, 0, length);
            Annotations.copy(packet, copy);
        }
        return copy;
    }

    /** Returns a packet of those bytes; null where there is no buffer left. */
    static @Nullable PacketBuffer of(RouterContext context, byte[] data) {
        PacketBuffer packet = context.newPacket();
        if (packet != null) {
            packet.put(data.length);
            packet.copyIn(0, data, 0, data.length);
        }
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Drops packets that came as link-level broadcasts or multicasts; a router must not forward them (RFC 1812, 4.2.2.11). */
final class DropBroadcasts extends Element {
    private long drops;

    @Override
    protected void configure(Args args) {
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        int kind = Annotations.linkKind(packet);
        if (kind == Annotations.BROADCAST || kind == Annotations.MULTICAST) {
            drops++;
            packet.release();
            return null;
        }
        return packet;
    }
}

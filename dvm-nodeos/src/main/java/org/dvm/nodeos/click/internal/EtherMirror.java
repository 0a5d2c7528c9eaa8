package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Element;

/** Swaps the Ethernet addresses of frames: they go back where they came from. */
final class EtherMirror extends Element {
    @Override
    protected PacketBuffer process(PacketBuffer packet) {
        if (packet.length() >= Ether.HEADER_BYTES) {
            long to = Ether.destination(packet);
            Ether.setAddress(packet, 0, Ether.source(packet));
            Ether.setAddress(packet, 6, to);
        }
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Computes the IP header's checksum; packets without a whole header are dropped. */
final class SetIpChecksum extends Element {
    private long drops;

    @Override
    public String className() {
        return "SetIPChecksum";
    }

    @Override
    protected void configure(Args args) {
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        int ip = Ip.header(packet);
        int headerBytes = ip < 0 ? 0 : Ip.headerBytes(packet, ip);
        if (headerBytes < Ip.HEADER_BYTES || ip + headerBytes > packet.length()) {
            drops++;
            packet.release();
            return null;
        }
        Ip.setChecksum(packet, ip);
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.InternetChecksum;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Turns ICMP echo requests into replies; other packets go to output 1 if it is connected. */
final class IcmpPingResponder extends Element {
    private static final int ECHO_REQUEST = 8;
    private static final int TTL = 64;

    @Override
    public String className() {
        return "ICMPPingResponder";
    }

    @Override
    protected String portCount() {
        return "1/1-2";
    }

    @Override
    protected String processing() {
        return "a/ah";
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        int ip = Ip.header(packet);
        int icmp = ip < 0 ? 0 : ip + Ip.headerBytes(packet, ip);
        if (ip < 0
                || packet.getUnsignedByte(ip + Ip.PROTOCOL) != Ip.ICMP
                || Ip.isLaterFragment(packet, ip)
                || icmp + 8 > packet.length()
                || packet.getUnsignedByte(icmp) != ECHO_REQUEST) {
            pushOrDrop(1, packet);
            return null;
        }
        int source = packet.getInt(ip + Ip.SOURCE);
        packet.setInt(ip + Ip.SOURCE, packet.getInt(ip + Ip.DESTINATION));
        packet.setInt(ip + Ip.DESTINATION, source);
        packet.setByte(ip + Ip.TTL, TTL);
        Ip.setChecksum(packet, ip);
        int old = packet.getUnsignedShort(icmp);
        packet.setByte(icmp, 0);
        int checksum = packet.getUnsignedShort(icmp + 2);
        int updated = InternetChecksum.update(checksum, old, packet.getUnsignedShort(icmp));
        // Over a message of zeros the update yields -0, which only its other form, all ones, checks as right.
        packet.setShort(icmp + 2, updated == 0 ? 0xffff : updated);
        Annotations.setDestination(packet, source);
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Gives packets that ICMPError made the address of the interface they leave by as their source. */
final class FixIpSrc extends Element {
    private int address;

    @Override
    public String className() {
        return "FixIPSrc";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("IPADDR");
    }

    @Override
    protected void configure(Args args) {
        address = args.mandatory("IPADDR", Values::ipAddress, 0);
    }

    @Override
    protected PacketBuffer process(PacketBuffer packet) {
        int ip = Ip.header(packet);
        if (ip >= 0 && Annotations.fixSource(packet)) {
            Annotations.setFixSource(packet, false);
            Ip.setWord(packet, ip, Ip.SOURCE, address >>> 16);
            Ip.setWord(packet, ip, Ip.SOURCE + 2, address & 0xffff);
        }
        return packet;
    }
}

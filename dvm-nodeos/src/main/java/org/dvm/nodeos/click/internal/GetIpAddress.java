package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Notes the IP address that stands at an offset as the packet's destination. */
final class GetIpAddress extends Element {
    private int offset;

    @Override
    public String className() {
        return "GetIPAddress";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("OFFSET");
    }

    @Override
    protected void configure(Args args) {
        offset = args.mandatory("OFFSET", Values.integer(0, 0xffff), 0);
    }

    @Override
    protected PacketBuffer process(PacketBuffer packet) {
        if (offset + 4 <= packet.length()) {
            Annotations.setDestination(packet, packet.getInt(offset));
        }
        return packet;
    }
}

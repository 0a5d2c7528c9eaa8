package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Notes a fixed IP address as the packet's destination: that of a gateway. */
final class SetIpAddress extends Element {
    private int address;

    @Override
    public String className() {
        return "SetIPAddress";
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
        Annotations.setDestination(packet, address);
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Puts an Ethernet header in front of packets. */
final class EtherEncap extends Element {
    private int type;
    private long source;
    private long destination;
    private long drops;

    @Override
    protected Set<String> keywords() {
        return Set.of("ETHERTYPE", "SRC", "DST");
    }

    @Override
    protected void configure(Args args) {
        type = args.mandatory("ETHERTYPE", Values.integer(0, 0xffff), 0);
        source = args.mandatory("SRC", text -> Devices.address(context(), text), 0L);
        destination = args.mandatory("DST", text -> Devices.address(context(), text), 0L);
        readHandler("src", () -> Values.etherText(source));
        readHandler("dst", () -> Values.etherText(destination));
        readHandler("drops", () -> Long.toString(drops));
        writeHandler("src", value -> source = Devices.address(context(), value));
        writeHandler("dst", value -> destination = Devices.address(context(), value));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        if (packet.headroom() < Ether.HEADER_BYTES) {
            drops++;
            packet.release();
            return null;
        }
        Ether.push(packet, destination, source, type);
        return packet;
    }
}

package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Lowers the time to live and mends the checksum; packets that expire go to output 1 unchanged. */
final class DecIpTtl extends Element {
    private boolean active;
    private boolean sparesMulticast;
    private long drops;

    @Override
    public String className() {
        return "DecIPTTL";
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
    protected Set<String> keywords() {
        return Set.of("ACTIVE", "MULTICAST");
    }

    @Override
    protected void configure(Args args) {
        active = args.keyword("ACTIVE", Values::truth, true);
        boolean multicast = args.keyword("MULTICAST", Values::truth, true);
        sparesMulticast = !multicast;
        readHandler("drops", () -> Long.toString(drops));
        readHandler("active", () -> Boolean.toString(active));
        writeHandler("active", value -> active = Values.truth(value));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        int ip = Ip.header(packet);
        if (!active || ip < 0 || (sparesMulticast && packet.getUnsignedByte(ip + Ip.DESTINATION) >>> 4 == 14)) {
            return packet;
        }
        int ttl = packet.getUnsignedByte(ip + Ip.TTL);
        if (ttl <= 1) {
            drops++;
            pushOrDrop(1, packet);
            return null;
        }
        Ip.setWord(packet, ip, Ip.TTL, packet.getUnsignedShort(ip + Ip.TTL) - 0x100);
        return packet;
    }
}

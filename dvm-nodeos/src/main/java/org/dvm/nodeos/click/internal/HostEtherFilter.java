package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Lets frames pass that are for this host or for all; others go to output 1 if it is connected. */
final class HostEtherFilter extends Element {
    private long own;
    private boolean dropOwn;
    private boolean dropOther;
    private long drops;

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
        return Set.of("ETHER", "DROP_OWN", "DROP_OTHER", "OFFSET");
    }

    @Override
    protected void configure(Args args) {
        own = args.mandatory("ETHER", text -> Devices.address(context(), text), 0L);
        dropOwn = args.optional("DROP_OWN", Values::truth, false);
        dropOther = args.optional("DROP_OTHER", Values::truth, true);
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        boolean pass = packet.length() >= Ether.HEADER_BYTES;
        if (pass) {
            long to = Ether.destination(packet);
            boolean forMe = to == own || (to >>> 40 & 1) != 0;
            pass = (forMe || !dropOther) && !(dropOwn && Ether.source(packet) == own);
        }
        if (pass) {
            return packet;
        }
        drops++;
        pushOrDrop(1, packet);
        return null;
    }
}

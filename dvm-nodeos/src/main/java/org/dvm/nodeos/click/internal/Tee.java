package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Sends a copy of each packet to every output; the last gets the original. */
final class Tee extends Element {
    private int outputs = -1;
    private long drops;

    @Override
    protected String portCount() {
        return outputs < 0 ? "1/1-" : "1/" + outputs;
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("N");
    }

    @Override
    protected void configure(Args args) {
        outputs = args.optional("N", Values.integer(1, 1 << 16), -1);
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        int last = outputCount() - 1;
        for (int i = 0; i < last; i++) {
            PacketBuffer copy = Packets.copy(context(), packet);
            if (copy == null) {
                drops++;
            } else {
                output(i).push(copy);
            }
        }
        output(last).push(packet);
    }
}

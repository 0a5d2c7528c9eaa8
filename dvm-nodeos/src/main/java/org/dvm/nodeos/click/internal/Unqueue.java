package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Pulls packets as fast as it can and pushes them. */
final class Unqueue extends Element {
    private int burst;
    private boolean active;
    private long count;

    @Override
    protected String processing() {
        return "l/h";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("BURST", "ACTIVE");
    }

    @Override
    protected void configure(Args args) {
        burst = args.optional("BURST", Values.integer(1, 4096), 1);
        active = args.keyword("ACTIVE", Values::truth, true);
        readHandler("count", () -> Long.toString(count));
        readHandler("active", () -> Boolean.toString(active));
        writeHandler("active", value -> active = Values.truth(value));
        writeHandler("reset_counts", value -> count = 0);
    }

    @Override
    protected void initialize() {
        context().addTask(this::run);
    }

    private boolean run() {
        int moved = 0;
        while (active && moved < burst) {
            PacketBuffer packet = input(0).pull();
            if (packet == null) {
                break;
            }
            moved++;
            count++;
            output(0).push(packet);
        }
        return moved > 0;
    }
}

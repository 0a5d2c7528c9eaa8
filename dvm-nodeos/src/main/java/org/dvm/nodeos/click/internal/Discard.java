package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;

/** Drops every packet and counts them; with a pull input it pulls as fast as it can. */
final class Discard extends Element {
    private static final int BURST = 32;

    private long count;

    @Override
    protected String portCount() {
        return "1/0";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of();
    }

    @Override
    protected void configure(Args args) {
        readHandler("count", () -> Long.toString(count));
        writeHandler("reset_counts", value -> count = 0);
    }

    @Override
    protected void initialize() {
        if (inputPulls(0)) {
            context().addTask(this::run);
        }
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        count++;
        packet.release();
    }

    private boolean run() {
        int pulled = 0;
        while (pulled < BURST) {
            PacketBuffer packet = input(0).pull();
            if (packet == null) {
                break;
            }
            pulled++;
            push(0, packet);
        }
        return pulled > 0;
    }
}

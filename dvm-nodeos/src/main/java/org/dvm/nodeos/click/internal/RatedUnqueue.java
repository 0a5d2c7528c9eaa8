package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;

/** Pulls packets at a rate and pushes them: RatedUnqueue counts packets a second, BandwidthRatedUnqueue bytes. */
final class RatedUnqueue extends Element {
    private final boolean inBytes;
    private final TokenBucket bucket = new TokenBucket();

    RatedUnqueue(Limit limit) {
        this.inBytes = limit == Limit.BYTES;
    }

    @Override
    public String className() {
        return inBytes ? "BandwidthRatedUnqueue" : "RatedUnqueue";
    }

    @Override
    protected String processing() {
        return "l/h";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("RATE");
    }

    @Override
    protected void configure(Args args) {
        Limit limit = inBytes ? Limit.BYTES : Limit.PACKETS;
        bucket.setRate(args.mandatory("RATE", limit::parse, 1L));
        readHandler("rate", () -> Long.toString(bucket.rate()));
        writeHandler("rate", value -> bucket.setRate(limit.parse(value)));
    }

    @Override
    protected void initialize() {
        context().addTask(this::run);
    }

    private boolean run() {
        if (!bucket.ready(context().nanoTime())) {
            return false;
        }
        PacketBuffer packet = input(0).pull();
        if (packet == null) {
            return false;
        }
        bucket.spend(inBytes ? packet.length() : 1);
        output(0).push(packet);
        return true;
    }
}

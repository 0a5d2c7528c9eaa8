package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Lets packets be pulled at a rate: Shaper counts packets a second, BandwidthShaper bytes. */
final class Shaper extends Element {
    private final Limit limit;
    private final TokenBucket bucket = new TokenBucket();

    Shaper(Limit limit) {
        this.limit = limit;
    }

    @Override
    public String className() {
        return limit == Limit.BYTES ? "BandwidthShaper" : "Shaper";
    }

    @Override
    protected String processing() {
        return "l/l";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("RATE");
    }

    @Override
    protected void configure(Args args) {
        bucket.setRate(args.mandatory("RATE", limit::parse, 1L));
        readHandler("rate", () -> Long.toString(bucket.rate()));
        writeHandler("rate", value -> bucket.setRate(limit.parse(value)));
    }

    @Override
    protected @Nullable PacketBuffer pull(int port) {
        if (!bucket.ready(context().nanoTime())) {
            return null;
        }
        PacketBuffer packet = input(0).pull();
        if (packet != null) {
            bucket.spend(limit == Limit.BYTES ? packet.length() : 1);
        }
        return packet;
    }
}

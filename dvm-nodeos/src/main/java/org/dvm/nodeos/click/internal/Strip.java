package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Strip takes bytes off the front of packets; Unstrip brings them back. */
final class Strip extends Element {
    /** Which way the front moves. */
    enum Direction {
        OFF,
        BACK
    }

    private final Direction direction;
    private int bytes;
    private long drops;

    Strip(Direction direction) {
        this.direction = direction;
    }

    @Override
    public String className() {
        return direction == Direction.OFF ? "Strip" : "Unstrip";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("LENGTH");
    }

    @Override
    protected void configure(Args args) {
        bytes = args.mandatory("LENGTH", Values.integer(0, 0xffff), 0);
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        if (direction == Direction.OFF) {
            packet.pull(Math.min(bytes, packet.length()));
        } else if (bytes <= packet.headroom()) {
            packet.push(bytes);
        } else {
            drops++;
            packet.release();
            return null;
        }
        return packet;
    }
}

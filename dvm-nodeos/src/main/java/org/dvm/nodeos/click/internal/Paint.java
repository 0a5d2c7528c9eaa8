package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/** Marks packets with a color, 0 to 255. */
final class Paint extends Element {
    private int color;

    @Override
    protected Set<String> keywords() {
        return Set.of("COLOR");
    }

    @Override
    protected void configure(Args args) {
        color = args.mandatory("COLOR", Values.integer(0, 255), 0);
        readHandler("color", () -> Integer.toString(color));
        writeHandler("color", value -> color = Values.integer(0, 255).parse(value));
    }

    @Override
    protected PacketBuffer process(PacketBuffer packet) {
        Annotations.setPaint(packet, color);
        return packet;
    }
}

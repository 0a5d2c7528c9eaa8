package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** CheckPaint sends packets of its color to output 0 and others to output 1; PaintTee copies those of its color there. */
final class PaintTest extends Element {
    /** What happens to a packet of the color. */
    enum Action {
        CHECK,
        TEE
    }

    private final Action action;
    private int color;

    PaintTest(Action action) {
        this.action = action;
    }

    @Override
    public String className() {
        return action == Action.CHECK ? "CheckPaint" : "PaintTee";
    }

    @Override
    protected String portCount() {
        return action == Action.CHECK ? "1/1-2" : "1/2";
    }

    @Override
    protected String processing() {
        return "a/ah";
    }

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
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        boolean matches = Annotations.paint(packet) == color;
        if (action == Action.CHECK) {
            if (matches) {
                return packet;
            }
            pushOrDrop(1, packet);
            return null;
        }
        if (matches) {
            PacketBuffer copy = Packets.copy(context(), packet);
            if (copy != null) {
                output(1).push(copy);
            }
        }
        return packet;
    }
}

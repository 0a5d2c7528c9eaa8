package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Pulls from the first input that has a packet: input 0 before input 1, and so on. */
final class PrioSched extends Element {
    @Override
    protected String portCount() {
        return "1-/1";
    }

    @Override
    protected String processing() {
        return "l/l";
    }

    @Override
    protected @Nullable PacketBuffer pull(int port) {
        for (int i = 0; i < inputCount(); i++) {
            PacketBuffer packet = input(i).pull();
            if (packet != null) {
                return packet;
            }
        }
        return null;
    }
}

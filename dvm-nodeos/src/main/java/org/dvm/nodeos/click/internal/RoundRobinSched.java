package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Pulls from its inputs in turn, passing over those that have nothing. */
final class RoundRobinSched extends Element {
    private int next;

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
        int n = inputCount();
        for (int tried = 0; tried < n; tried++) {
            int input = next;
            next = next + 1 == n ? 0 : next + 1;
            PacketBuffer packet = input(input).pull();
            if (packet != null) {
                return packet;
            }
        }
        return null;
    }
}

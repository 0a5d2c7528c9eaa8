package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Element;
import org.jspecify.annotations.Nullable;

/** Never sends a packet and drops what it gets: for ports that are to stay unused. */
final class Idle extends Element {
    @Override
    protected String portCount() {
        return "-/-";
    }

    @Override
    protected String flowCode() {
        return "x/y";
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        packet.release();
    }

    @Override
    protected @Nullable PacketBuffer pull(int port) {
        return null;
    }
}

package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.RouterDevice;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Pulls packets and sends them out of a device; one that finds no room waits here for the next round. */
final class ToDevice extends Element {
    private String deviceName = "";
    private int burst;
    private @Nullable RouterDevice device;
    private @Nullable PacketBuffer waiting;
    private long count;

    @Override
    protected String portCount() {
        return "1/0";
    }

    @Override
    protected String processing() {
        return "l/l";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("DEVNAME", "BURST");
    }

    @Override
    protected void configure(Args args) {
        deviceName = args.mandatory("DEVNAME", Values::string, "");
        burst = args.keyword("BURST", Values.integer(1, 4096), 64);
        readHandler("count", () -> Long.toString(count));
        writeHandler("reset_counts", value -> count = 0);
    }

    @Override
    protected void initialize() {
        device = Devices.find(context(), deviceName);
        context().addTask(this::run);
    }

    private boolean run() {
        RouterDevice device = this.device;
        if (device == null) {
            return false;
        }
        int sent = 0;
        while (sent < burst) {
            PacketBuffer packet = waiting;
            waiting = null;
            if (packet == null) {
                packet = input(0).pull();
            }
            if (packet == null) {
                break;
            }
            if (!device.transmit(packet)) {
                waiting = packet;
                break;
            }
            sent++;
            count++;
        }
        return sent > 0;
    }

    @Override
    protected void cleanup() {
        PacketBuffer packet = waiting;
        waiting = null;
        if (packet != null) {
            packet.release();
        }
    }
}

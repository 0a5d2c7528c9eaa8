package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.RouterDevice;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** FromDevice and PollDevice: push the frames that arrive at a device. */
final class DeviceSource extends Element {
    private final String className;
    private String deviceName = "";
    private int burst;
    private @Nullable RouterDevice device;
    private long count;

    DeviceSource(String className) {
        this.className = className;
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    protected String portCount() {
        return "0/1";
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("DEVNAME", "PROMISC", "BURST");
    }

    @Override
    protected void configure(Args args) {
        deviceName = args.mandatory("DEVNAME", Values::string, "");
        args.optional("PROMISC", Values::truth, false);
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
        final long now = context().roundNanos();
        int received = 0;
        while (received < burst) {
            PacketBuffer frame = device.receive();
            if (frame == null) {
                break;
            }
            received++;
            count++;
            noteLinkKind(frame, device.etherAddress());
            Annotations.setTimeStamp(frame, now);
            output(0).push(frame);
        }
        return received > 0;
    }

    private static void noteLinkKind(PacketBuffer frame, long own) {
        if (frame.length() < Ether.HEADER_BYTES) {
            return;
        }
        long to = Ether.destination(frame);
        int kind = to == own
                ? Annotations.HOST
                : to == Ether.BROADCAST
                        ? Annotations.BROADCAST
                        : (to >>> 40 & 1) != 0 ? Annotations.MULTICAST : Annotations.OTHER_HOST;
        Annotations.setLinkKind(frame, kind);
    }
}

package org.dvm.nodeos.click;

import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.PacketBuffer;
import org.jspecify.annotations.Nullable;

/** A device over channels for whole frames; packets move in batches beneath. */
final class ChannelDevice implements RouterDevice, AutoCloseable {
    /** What a batch costs by itself is divided by its packets; a link moves no more at a time. */
    private static final int BATCH = 256;

    private final String name;
    private final long etherAddress;
    private final @Nullable InputChannel input;
    private final @Nullable OutputChannel output;
    private final PacketBuffer[] received = new PacketBuffer[BATCH];
    private int next;
    private int count;
    private final PacketBuffer[] toSend = new PacketBuffer[BATCH];
    private int waiting;
    private int room;

    ChannelDevice(String name, long etherAddress, @Nullable InputChannel input, @Nullable OutputChannel output) {
        this.name = name;
        this.etherAddress = etherAddress;
        this.input = input;
        this.output = output;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long etherAddress() {
        return etherAddress;
    }

    // Hot path: no allocation, no locks, no logging.

    @Override
    public @Nullable PacketBuffer receive() {
        if (next == count) {
            InputChannel input = this.input;
            next = 0;
            count = input == null ? 0 : input.receive(received);
            if (count == 0) {
                return null;
            }
        }
        return received[next++];
    }

    @Override
    public boolean transmit(PacketBuffer frame) {
        OutputChannel output = this.output;
        if (output == null) {
            return false;
        }
        if (waiting == 0) {
            room = Math.min(BATCH, output.queueRoom());
        }
        if (waiting >= room) {
            flush();
            return false;
        }
        toSend[waiting++] = frame;
        if (waiting == BATCH) {
            flush();
        }
        return true;
    }

    /** Sends what has gathered; called when a round had nothing to do, and every few rounds. */
    void flush() {
        OutputChannel output = this.output;
        if (waiting > 0 && output != null) {
            int sending = waiting;
            waiting = 0;
            output.send(toSend, 0, sending);
        }
    }

    /** Gives back the buffers that wait here and closes the channels. */
    @Override
    public void close() {
        while (next < count) {
            received[next++].release();
        }
        while (waiting > 0) {
            toSend[--waiting].release();
        }
        if (input != null) {
            input.close();
        }
        if (output != null) {
            output.close();
        }
    }
}

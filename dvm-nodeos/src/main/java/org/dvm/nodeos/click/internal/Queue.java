package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/** Stores packets in order: Queue drops the newest when it is full, FrontDropQueue the oldest. */
final class Queue extends Element implements Storage {
    /** Which packet goes when there is no room. */
    enum Drop {
        NEWEST,
        OLDEST
    }

    private static final int MAX_CAPACITY = 1 << 20;

    private final Drop drop;
    private @Nullable PacketBuffer[] ring = {};
    private int head;
    private int size;
    private int highwater;
    private long drops;

    Queue(Drop drop) {
        this.drop = drop;
    }

    @Override
    public String className() {
        return drop == Drop.NEWEST ? "Queue" : "FrontDropQueue";
    }

    @Override
    protected String processing() {
        return "h/l";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("CAPACITY");
    }

    @Override
    protected void configure(Args args) {
        ring = new @Nullable PacketBuffer[args.optional("CAPACITY", Values.integer(1, MAX_CAPACITY), 1000)];
        readHandler("length", () -> Integer.toString(size));
        readHandler("highwater_length", () -> Integer.toString(highwater));
        readHandler("capacity", () -> Integer.toString(ring.length));
        readHandler("drops", () -> Long.toString(drops));
        writeHandler("capacity", value -> resize(Values.integer(1, MAX_CAPACITY).parse(value)));
        writeHandler("reset_counts", value -> resetCounts());
        writeHandler("reset", value -> releaseAll());
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        if (size == ring.length) {
            drops++;
            if (drop == Drop.NEWEST) {
                packet.release();
                return;
            }
            PacketBuffer oldest = take();
            if (oldest != null) {
                oldest.release();
            }
        }
        int tail = head + size;
        ring[tail >= ring.length ? tail - ring.length : tail] = packet;
        if (++size > highwater) {
            highwater = size;
        }
    }

    @Override
    protected @Nullable PacketBuffer pull(int port) {
        return size == 0 ? null : take();
    }

    private @Nullable PacketBuffer take() {
        PacketBuffer packet = ring[head];
        ring[head] = null;
        head = head + 1 == ring.length ? 0 : head + 1;
        size--;
        return packet;
    }

    private void resize(int capacity) {
        @Nullable PacketBuffer[] resized = new @Nullable PacketBuffer[capacity];
        int kept = 0;
        while (size > 0) {
            PacketBuffer packet = take();
            if (packet != null && kept < capacity) {
                resized[kept++] = packet;
            } else if (packet != null) {
                drops++;
                packet.release();
            }
        }
        ring = resized;
        head = 0;
        size = kept;
    }

    private void resetCounts() {
        highwater = size;
        drops = 0;
    }

    private void releaseAll() {
        while (size > 0) {
            PacketBuffer packet = take();
            if (packet != null) {
                packet.release();
            }
        }
    }

    @Override
    protected void cleanup() {
        releaseAll();
    }
}

package org.dvm.nodeos.click;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.dvm.nodeos.BufferPool;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.link.FrameMemory;
import org.jspecify.annotations.Nullable;

/** A router with a clock that the test moves and devices whose frames the test puts in and takes out. */
final class RouterHarness implements AutoCloseable {
    static final int BUFFERS = 256;

    final BufferPool pool = BufferPool.open(FrameMemory.allocate(BUFFERS, 4096), BUFFERS);
    final Map<String, Device> devices = new HashMap<>();
    final List<String> printed = new ArrayList<>();
    final ClickRouter router;
    long now = 1_000_000_000L;

    /** A device of lists. */
    final class Device implements RouterDevice {
        final Deque<byte[]> arriving = new ArrayDeque<>();
        final List<byte[]> sent = new ArrayList<>();
        final String name;
        final long ether;
        int room = Integer.MAX_VALUE;

        /** Whether frames sent are only counted by {@link #room}. */
        boolean discard;

        /** A frame that arrives once more whenever it is set, without a queue. */
        byte @Nullable [] repeat;

        Device(String name, long ether) {
            this.name = name;
            this.ether = ether;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long etherAddress() {
            return ether;
        }

        @Override
        public @Nullable PacketBuffer receive() {
            byte[] frame = repeat != null ? repeat : arriving.poll();
            repeat = null;
            PacketBuffer packet = frame == null ? null : pool.take();
            if (packet != null && frame != null) {
                packet.put(frame.length);
                packet.copyIn(0, frame, 0, frame.length);
            }
            return packet;
        }

        @Override
        public boolean transmit(PacketBuffer frame) {
            if (room == 0) {
                return false;
            }
            room--;
            if (discard) {
                frame.release();
                return true;
            }
            byte[] bytes = new byte[frame.length()];
            frame.copyOut(0, bytes, 0, bytes.length);
            sent.add(bytes);
            frame.release();
            return true;
        }

        void arrive(String hex) {
            arriving.add(bytes(hex));
        }
    }

    RouterHarness(String configuration) throws ClickException {
        devices.put("eth0", new Device("eth0", 0x0200_0000_0001L));
        devices.put("eth1", new Device("eth1", 0x0200_0000_0002L));
        router = ClickRouter.open(
                ClickConfiguration.parse("test", configuration),
                new ClickRouter.Environment(pool::take, () -> now, devices::get, printed::add));
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    Device eth0() {
        return device("eth0");
    }

    Device eth1() {
        return device("eth1");
    }

    private Device device(String name) {
        Device device = devices.get(name);
        if (device == null) {
            throw new IllegalArgumentException(name);
        }
        return device;
    }

    /** Runs until nothing is left to do at this time. */
    RouterHarness settle() {
        int rounds = 0;
        while (router.runOnce()) {
            if (++rounds > 1_000_000) {
                throw new AssertionError("router doesn't settle");
            }
        }
        return this;
    }

    /** Lets time pass in steps, running at each. */
    RouterHarness pass(long nanos, long step) {
        long end = now + nanos;
        while (now < end) {
            now += step;
            settle();
        }
        return this;
    }

    String read(String handler) {
        return router.read(handler);
    }

    @Override
    public void close() {
        router.close();
        if (pool.available() != BUFFERS) {
            throw new AssertionError("buffers leaked: " + (BUFFERS - pool.available()));
        }
        pool.close();
    }
}

package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * Packets, bytes and drops, counted by one writer at a time and read by anybody. The cells of one writer share cache lines
 * with no other writer's.
 */
final class Counters {
    private static final int PACKETS = 16; // 128 bytes of padding before
    private static final int BYTES = PACKETS + 1;
    private static final int DROPS = PACKETS + 2;
    private static final DropReason[] REASONS = DropReason.values();
    private static final int CELLS = DROPS + REASONS.length + 16; // and behind

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[CELLS];

    void count(long packets, long bytes) {
        LONGS.setOpaque(cells, PACKETS, cells[PACKETS] + packets);
        LONGS.setOpaque(cells, BYTES, cells[BYTES] + bytes);
    }

    void drop(DropReason reason) {
        drop(reason, 1);
    }

    void drop(DropReason reason, long packets) {
        int cell = DROPS + reason.ordinal();
        LONGS.setOpaque(cells, cell, cells[cell] + packets);
    }

    long packets() {
        return (long) LONGS.getOpaque(cells, PACKETS);
    }

    long bytes() {
        return (long) LONGS.getOpaque(cells, BYTES);
    }

    long drops(DropReason reason) {
        return (long) LONGS.getOpaque(cells, DROPS + reason.ordinal());
    }

    /** Returns the reasons that have occurred, added to those of other counters. */
    static Map<DropReason, Long> dropsOf(Counters... counters) {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            long sum = 0;
            for (Counters each : counters) {
                sum += each.drops(reason);
            }
            if (sum > 0) {
                drops.put(reason, sum);
            }
        }
        return drops;
    }
}

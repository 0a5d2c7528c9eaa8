package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dvm.nodeos.link.CutThroughOffload;

/** Sums over the channels and threads of a domain; those that are closed leave theirs here. */
final class ClosedTotals {
    long packetsIn;
    long bytesIn;
    long packetsOut;
    long bytesOut;
    long cpuNanos;
    final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    final List<ThreadPool> stoppedPools = new ArrayList<>();

    ClosedTotals copy() {
        ClosedTotals copy = new ClosedTotals();
        copy.packetsIn = packetsIn;
        copy.bytesIn = bytesIn;
        copy.packetsOut = packetsOut;
        copy.bytesOut = bytesOut;
        copy.cpuNanos = cpuNanos;
        for (ThreadPool pool : stoppedPools) {
            copy.cpuNanos += pool.cpuNanos();
        }
        copy.drops.putAll(drops);
        return copy;
    }

    /** Remembers a pool until its threads have ended, then only what they used. */
    void stopped(ThreadPool pool) {
        stoppedPools.removeIf(old -> {
            boolean ended = old.threads() == 0;
            cpuNanos += ended ? old.cpuNanos() : 0;
            return ended;
        });
        stoppedPools.add(pool);
    }

    void addInput(Counters counters) {
        packetsIn += counters.packets();
        bytesIn += counters.bytes();
        addDrops(counters);
    }

    void addOutput(Counters sending, Counters leaving) {
        packetsOut += leaving.packets();
        bytesOut += leaving.bytes();
        addDrops(sending, leaving);
    }

    void add(CutThroughChannel channel) {
        add(channel.counters(), channel.offload());
        addOutput(channel.output().sending(), channel.output().leaving());
    }

    void add(Counters counters, Optional<CutThroughOffload> offload) {
        addInput(counters);
        offload.map(CutThroughOffload::counters).ifPresent(beneath -> {
            packetsIn += beneath.packets();
            bytesIn += beneath.bytes();
            packetsOut += beneath.packets();
            bytesOut += beneath.bytes();
            addDrop(DropReason.POLICED, beneath.policedPackets());
            addDrop(DropReason.EXPIRED, beneath.expiredPackets());
            addDrop(DropReason.QUEUE_FULL, beneath.failedPackets());
        });
    }

    private void addDrops(Counters... counters) {
        Counters.dropsOf(counters).forEach(this::addDrop);
    }

    private void addDrop(DropReason reason, long packets) {
        if (packets > 0) {
            drops.merge(reason, packets, Long::sum);
        }
    }
}

package org.dvm.nodeos;

import java.util.Map;

/**
 * What a domain has done and holds, without the domains beneath it. Channels that are closed are included.
 *
 * @param cpuNanos CPU time of its threads, in nanoseconds
 * @param packetsIn packets delivered to its channels
 * @param bytesIn their bytes, without stripped headers
 * @param packetsOut packets that left by a link
 * @param bytesOut their bytes, all headers included
 * @param drops packets lost, by reason
 * @param buffers packet buffers that it is charged for
 * @param buffersInUse those of them that are not empty in their pool
 * @param pages pages that it is charged for
 * @param threads threads that are alive
 */
public record DomainStatistics(
        long cpuNanos,
        long packetsIn,
        long bytesIn,
        long packetsOut,
        long bytesOut,
        Map<DropReason, Long> drops,
        int buffers,
        int buffersInUse,
        long pages,
        int threads) {
    /** Copies the map. */
    public DomainStatistics {
        drops = Map.copyOf(drops);
    }
}

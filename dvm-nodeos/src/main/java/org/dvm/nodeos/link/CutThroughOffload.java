package org.dvm.nodeos.link;

/** A cut-through channel that runs beneath the node. <b>Threads:</b> any thread. */
public interface CutThroughOffload extends AutoCloseable {
    /**
     * Reads what the channel has done.
     *
     * @return counts since it was started
     */
    Counters counters();

    /**
     * Counts of an offloaded channel.
     *
     * @param packets packets forwarded
     * @param bytes their bytes, Ethernet headers included
     * @param policedPackets packets dropped because they were above the rate
     * @param expiredPackets packets dropped because their time to live ended
     * @param failedPackets packets dropped because the other link did not take them
     */
    record Counters(long packets, long bytes, long policedPackets, long expiredPackets, long failedPackets) {}

    /** Detaches the channel; packets reach the node again. */
    @Override
    void close();
}

package org.dvm.nodeos;

/** What a thread does with the packets of a channel. */
@FunctionalInterface
public interface PacketHandler {
    /**
     * Handles packets. The handler sends or releases each, now or later. If it throws, those of the batch that the thread
     * still holds are released, the failure is counted, the first one is logged, and the thread goes on.
     *
     * @param packets the packets, from index 0; the array is used again after the call
     * @param count number of packets, at least 1
     */
    void handle(PacketBuffer[] packets, int count);
}

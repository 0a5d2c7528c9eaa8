package org.dvm.nodeos;

/**
 * What an output channel sends as, and its part of the link.
 *
 * @param protocols link and headers that the node makes
 * @param addresses source and destination that the node puts into them
 * @param bytesPerMilli bandwidth guaranteed, in bytes each millisecond, at least 1; also the channel's relative share of
 *     what others leave idle
 * @param queuePackets most packets waiting, at least 1
 * @param dropPolicy what a full queue loses
 */
public record OutputSpec(
        ProtocolSpec protocols, AddressSpec addresses, long bytesPerMilli, int queuePackets, DropPolicy dropPolicy) {
    private static final int USUAL_QUEUE_PACKETS = 256;

    /** Checks the ranges. */
    public OutputSpec {
        if (bytesPerMilli < 1 || queuePackets < 1) {
            throw new IllegalArgumentException("bandwidth and queue must be at least 1: bytesPerMilli=" + bytesPerMilli
                    + ", queuePackets=" + queuePackets);
        }
    }

    /**
     * Makes the specification of a channel with a queue of 256 packets that drops the newest.
     *
     * @param protocols as {@link ProtocolSpec#parse} reads them
     * @param addresses as {@link AddressSpec#parse} reads them
     * @param bytesPerMilli bandwidth guaranteed
     * @return the specification
     */
    public static OutputSpec of(String protocols, String addresses, long bytesPerMilli) {
        return new OutputSpec(
                ProtocolSpec.parse(protocols),
                AddressSpec.parse(addresses),
                bytesPerMilli,
                USUAL_QUEUE_PACKETS,
                DropPolicy.NEWEST);
    }

    /**
     * Sets the length of the queue.
     *
     * @param packets most packets waiting
     * @return the changed specification
     */
    public OutputSpec withQueue(int packets) {
        return new OutputSpec(protocols, addresses, bytesPerMilli, packets, dropPolicy);
    }

    /**
     * Says what a full queue loses.
     *
     * @param newPolicy the policy
     * @return the changed specification
     */
    public OutputSpec withDropPolicy(DropPolicy newPolicy) {
        return new OutputSpec(protocols, addresses, bytesPerMilli, queuePackets, newPolicy);
    }
}

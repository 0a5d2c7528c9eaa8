package org.dvm.nodeos;

import java.util.Objects;

/**
 * What an input channel receives and how it buffers.
 *
 * @param protocols link and headers that the node handles
 * @param addresses which packets of these protocols
 * @param key which of those
 * @param buffers packet buffers of the channel, charged to its domain: in the queue, in use, and empty
 * @param queueLimit most packets waiting, 1 to {@code buffers}
 * @param dropPolicy what a full queue loses
 */
public record InputSpec(
        ProtocolSpec protocols,
        AddressSpec addresses,
        DemuxKey key,
        int buffers,
        int queueLimit,
        DropPolicy dropPolicy) {
    private static final int USUAL_BUFFERS = 256;

    /** Checks the ranges. */
    public InputSpec {
        Objects.requireNonNull(key, "key");
        if (buffers < 1 || queueLimit < 1 || queueLimit > buffers) {
            throw new IllegalArgumentException("queue must hold 1 packet and not more than there are buffers: buffers="
                    + buffers + ", queueLimit=" + queueLimit);
        }
    }

    /**
     * Makes the specification of a channel with 256 buffers that drops the newest.
     *
     * @param protocols as {@link ProtocolSpec#parse} reads them
     * @param addresses as {@link AddressSpec#parse} reads them
     * @return the specification
     */
    public static InputSpec of(String protocols, String addresses) {
        return new InputSpec(
                ProtocolSpec.parse(protocols),
                AddressSpec.parse(addresses),
                DemuxKey.ALL,
                USUAL_BUFFERS,
                USUAL_BUFFERS,
                DropPolicy.NEWEST);
    }

    /**
     * Narrows the channel to a key.
     *
     * @param newKey which packets
     * @return the changed specification
     */
    public InputSpec withKey(DemuxKey newKey) {
        return new InputSpec(protocols, addresses, newKey, buffers, queueLimit, dropPolicy);
    }

    /**
     * Sets the number of buffers; all of them may wait in the queue.
     *
     * @param newBuffers buffers, at least 1
     * @return the changed specification
     */
    public InputSpec withBuffers(int newBuffers) {
        return new InputSpec(protocols, addresses, key, newBuffers, newBuffers, dropPolicy);
    }

    /**
     * Limits the queue.
     *
     * @param newLimit most packets waiting
     * @return the changed specification
     */
    public InputSpec withQueueLimit(int newLimit) {
        return new InputSpec(protocols, addresses, key, buffers, newLimit, dropPolicy);
    }

    /**
     * Says what a full queue loses.
     *
     * @param newPolicy the policy
     * @return the changed specification
     */
    public InputSpec withDropPolicy(DropPolicy newPolicy) {
        return new InputSpec(protocols, addresses, key, buffers, queueLimit, newPolicy);
    }
}

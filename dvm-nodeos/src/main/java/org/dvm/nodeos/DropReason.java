package org.dvm.nodeos;

/** Why a packet was lost. Each loss is counted once, under one reason. */
public enum DropReason {
    /** The channel had no empty buffer to give for the packet: the domain has not returned any. */
    NO_EMPTY_BUFFER,
    /** The queue had reached its limit and drops the newest. */
    QUEUE_FULL,
    /** A newer packet took the place of this one. */
    REPLACED,
    /** The headers that the node handles were wrong, or the packet was too long for the link. */
    BAD_HEADER,
    /** The source address is not the sender's own. */
    SPOOFED,
    /** The channel was above the rate to which it is policed. */
    POLICED,
    /** The time to live ended on a routing cut-through channel. */
    EXPIRED,
    /** The channel was closed with the packet in its queue. */
    CLOSED,
    /** No channel wants the packet; charged to the node, never to a domain. */
    NO_CHANNEL
}

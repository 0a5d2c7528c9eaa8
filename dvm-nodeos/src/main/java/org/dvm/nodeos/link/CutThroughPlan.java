package org.dvm.nodeos.link;

import java.util.List;

/**
 * What a cut-through channel does, in the terms that a kernel or a device understands.
 *
 * @param output the link that packets leave by
 * @param matches conditions that all must hold for a frame of the channel
 * @param forwarding what is rewritten on the way
 * @param sourceMac source address of the frames sent, when {@code forwarding} rewrites headers
 * @param destinationMac destination address of the frames sent, when {@code forwarding} rewrites headers
 * @param policedBytesPerMilli rate above which packets are dropped, in bytes per millisecond; 0 if the channel is not
 *     policed
 * @param burstBytes how much may come at once before policing drops
 */
public record CutThroughPlan(
        LinkDescription output,
        List<Match> matches,
        Forwarding forwarding,
        MacAddress sourceMac,
        MacAddress destinationMac,
        long policedBytesPerMilli,
        long burstBytes) {
    /** What a cut-through channel rewrites. */
    public enum Forwarding {
        /** Nothing: frames leave as they came. */
        BRIDGE,
        /** IPv4 router's work: time to live and checksum, both Ethernet addresses; expired packets are dropped. */
        ROUTE
    }

    /** Where the bytes of a condition are counted from. */
    public enum Base {
        /** First byte of the Ethernet header. */
        LINK,
        /** First byte of the IPv4 header. */
        NETWORK,
        /** First byte of the UDP or TCP header. */
        TRANSPORT,
        /** First byte after the UDP or TCP header. */
        PAYLOAD
    }

    /**
     * A condition on 1 to 8 bytes of a frame.
     *
     * @param base where {@code offset} counts from
     * @param offset bytes from the base
     * @param length bytes compared, 1 to 8
     * @param mask bits that matter, big-endian in the low {@code length} bytes
     * @param value what the masked bits must be
     */
    public record Match(Base base, int offset, int length, long mask, long value) {}

    /** Copies the list. */
    public CutThroughPlan {
        matches = List.copyOf(matches);
    }
}

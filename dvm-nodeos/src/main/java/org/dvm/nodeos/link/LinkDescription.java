package org.dvm.nodeos.link;

import java.util.List;

/**
 * What is known of a link before it is opened.
 *
 * @param name as protocol specifications spell it, such as {@code if0} or {@code eth0}; no slash, no space
 * @param index number of the interface in its operating system; 0 if it has none
 * @param mac Ethernet address, {@link MacAddress#NONE} if it has none
 * @param mtuBytes largest Ethernet payload, at least 68
 * @param addresses Internet addresses of the interface
 * @param capacityBytesPerMilli what the link can send, in bytes per millisecond, at least 1: what admission control has
 *     to give away
 */
public record LinkDescription(
        String name,
        int index,
        MacAddress mac,
        int mtuBytes,
        List<InterfaceAddress> addresses,
        long capacityBytesPerMilli) {
    /** Smallest payload that an Internet link must carry. */
    public static final int SMALLEST_MTU_BYTES = 68;

    /** Checks the ranges and copies the list. */
    public LinkDescription {
        if (name.isEmpty() || name.chars().anyMatch(c -> c == '/' || Character.isWhitespace(c))) {
            throw new IllegalArgumentException("link name must be a word without slash: name='" + name + "'");
        }
        if (mtuBytes < SMALLEST_MTU_BYTES) {
            throw new IllegalArgumentException("MTU must be at least " + SMALLEST_MTU_BYTES + ": mtuBytes=" + mtuBytes);
        }
        if (capacityBytesPerMilli < 1) {
            throw new IllegalArgumentException(
                    "capacity must be at least 1 byte per millisecond: capacityBytesPerMilli=" + capacityBytesPerMilli);
        }
        addresses = List.copyOf(addresses);
    }
}

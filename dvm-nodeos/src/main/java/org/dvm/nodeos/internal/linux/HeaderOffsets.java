package org.dvm.nodeos.internal.linux;

/**
 * Where the fields of packet headers stand, in bytes from the start of their header. Programs for the kernel are
 * generated from these names.
 *
 * <pre>
 *  Ethernet   0            6            12     14
 *             | destination | source    | type | payload ...
 *
 *  IPv4       0    1     2        4      6          8     9        10         12       16            20
 *             | VI | tos | length | id   | fragment | ttl | proto  | checksum | source | destination | options ...
 *
 *  UDP        0             2                  4        6
 *             | source port | destination port | length | checksum |
 *
 *  TCP        0             2                  4          8                 12            13 ... 16
 *             | source port | destination port | sequence | acknowledgement | data offset |      | checksum
 * </pre>
 */
public final class HeaderOffsets {
    /** Length of an Ethernet header without a VLAN tag. */
    public static final int ETHERNET_BYTES = 14;

    /** Length of a VLAN tag, which stands before the type. */
    public static final int VLAN_TAG_BYTES = 4;

    /** Both addresses of an Ethernet header. */
    public static final int ETHERNET_ADDRESSES_BYTES = 12;

    /** Destination address. */
    public static final int ETHERNET_DESTINATION = 0;

    /** Source address. */
    public static final int ETHERNET_SOURCE = 6;

    /** Type of the payload. */
    public static final int ETHERNET_TYPE = 12;

    /** Ethernet type of IPv4. */
    public static final int TYPE_IPV4 = 0x0800;

    /** Ethernet type of IPv6. */
    public static final int TYPE_IPV6 = 0x86dd;

    /** Length of an IPv4 header without options. */
    public static final int IPV4_BYTES = 20;

    /** Version in the high, header length in 32-bit words in the low four bits. */
    public static final int IPV4_VERSION_AND_WORDS = 0;

    /** Total length. */
    public static final int IPV4_LENGTH = 2;

    /** Flags and fragment offset. */
    public static final int IPV4_FRAGMENT = 6;

    /** Bits of {@link #IPV4_FRAGMENT} that are the offset. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    /** Time to live. */
    public static final int IPV4_TTL = 8;

    /** Protocol of the payload. */
    public static final int IPV4_PROTOCOL = 9;

    /** Header checksum. */
    public static final int IPV4_CHECKSUM = 10;

    /** Source address. */
    public static final int IPV4_SOURCE = 12;

    /** Destination address. */
    public static final int IPV4_DESTINATION = 16;

    /** Length of an IPv6 header without extensions. */
    public static final int IPV6_BYTES = 40;

    /** Protocol of what follows an IPv6 header. */
    public static final int IPV6_NEXT_HEADER = 6;

    /** Source address of an IPv6 header; the destination follows it. */
    public static final int IPV6_SOURCE = 8;

    /** Both addresses of an IPv6 header. */
    public static final int IPV6_ADDRESSES_BYTES = 32;

    /** Protocol number of TCP. */
    public static final int PROTOCOL_TCP = 6;

    /** Protocol number of UDP. */
    public static final int PROTOCOL_UDP = 17;

    /** Length of a UDP header. */
    public static final int UDP_BYTES = 8;

    /** Destination port of UDP and of TCP. */
    public static final int DESTINATION_PORT = 2;

    /** Length of a UDP datagram. */
    public static final int UDP_LENGTH = 4;

    /** Checksum of a UDP header. */
    public static final int UDP_CHECKSUM = 6;

    /** Header length of TCP in 32-bit words, in the high four bits. */
    public static final int TCP_WORDS = 12;

    /** Checksum of a TCP header. */
    public static final int TCP_CHECKSUM = 16;

    private HeaderOffsets() {}
}

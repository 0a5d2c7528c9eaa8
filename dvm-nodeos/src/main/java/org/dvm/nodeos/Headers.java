package org.dvm.nodeos;

import java.nio.ByteBuffer;

/**
 * Where the headers of one frame lie and how far they can be trusted. One object a link, filled anew for each frame.
 *
 * <p>The parser believes no length: each is checked against what is really there before anything behind it is looked at.
 */
final class Headers {
    static final int ETHERNET_BYTES = 14;
    static final int TYPE_IP = 0x0800;
    static final int UDP = 17;
    static final int TCP = 6;
    static final int UDP_BYTES = 8;
    static final int IP_BYTES = 20;
    static final int TCP_BYTES = 20;

    /** Nothing is known but the bytes. */
    static final int RAW = 0;
    /** There is an Ethernet header, for this station. */
    static final int ETHERNET = 1;
    /** And behind it a valid IPv4 header. */
    static final int IP = 2;
    /** And behind it a whole UDP datagram or a TCP header. */
    static final int TRANSPORT = 3;

    private static final long MULTICAST_BIT = 1L << 40;
    private static final int FRAGMENT_BITS = 0x3fff;

    /** Absolute position of the frame. */
    int link;
    /** Absolute position after the Ethernet header. */
    int network;
    /** Absolute position after the IP header. */
    int transport;
    /** Absolute position after the UDP or TCP header. */
    int payload;
    /** Absolute position after the last byte of the frame. */
    int frameEnd;
    /** Absolute position after the last byte that the IP header claims; padding of the frame lies behind. */
    int end;
    /** {@link #RAW} to {@link #TRANSPORT}. */
    int level;
    /** Ethernet type, from level {@link #ETHERNET} on. */
    int type;
    /** Whether the Ethernet header announces IPv4 and what follows is not. */
    boolean malformed;

    /*
     * Bytes are read in words of eight, each once: every access is checked, and most frames need no more than three.
     *
     *   first    destination (6), source (2)
     *   second   source (4), type (2), version and header length (1), type of service (1)
     *   third    total length (2), identification (2), fragment (2), time to live (1), protocol (1)
     *   fourth   checksum (2), source (4), destination (2)
     */

    /**
     * Parses a frame, as far as wanted: the checksum of IP only from {@link #IP} on, the transport header only for {@link
     * #TRANSPORT}. The end of what IP carries is found in any case.
     *
     * @param mac address of this station, 0 to take frames for any station
     * @param wanted the level that is of interest, {@link #RAW} to {@link #TRANSPORT}
     */
    void parse(ByteBuffer bytes, int offset, int length, long mac, int wanted) {
        link = offset;
        network = offset + ETHERNET_BYTES;
        frameEnd = offset + length;
        end = frameEnd;
        malformed = false;
        if (length < ETHERNET_BYTES + IP_BYTES) {
            parseShort(bytes, length, mac);
            return;
        }
        if (!isForStation(bytes.getLong(offset) >>> 16, mac)) {
            level = RAW;
            return;
        }
        level = ETHERNET;
        long second = bytes.getLong(offset + 8);
        type = (int) (second >>> 16) & 0xffff;
        if (type == TYPE_IP) {
            parseIp(bytes, second, wanted);
        }
    }

    private static boolean isForStation(long destination, long mac) {
        return destination == mac || mac == 0 || (destination & MULTICAST_BIT) != 0;
    }

    /** Parses a frame without room for an IP header. */
    private void parseShort(ByteBuffer bytes, int length, long mac) {
        level = RAW;
        if (length >= ETHERNET_BYTES && isForStation(bytes.getLong(link) >>> 16, mac)) {
            level = ETHERNET;
            type = bytes.getShort(link + 12) & 0xffff;
            malformed = type == TYPE_IP;
        }
    }

    private void parseIp(ByteBuffer bytes, long second, int wanted) {
        long third = bytes.getLong(link + 16);
        int headerBytes = (int) (second >>> 8 & 0xf) << 2;
        int totalBytes = (int) (third >>> 48);
        if ((second >>> 12 & 0xf) != 4
                || headerBytes < IP_BYTES
                || totalBytes < headerBytes
                || totalBytes > frameEnd - network) {
            malformed = true;
            return;
        }
        if (wanted < IP) {
            end = network + totalBytes;
            return;
        }
        if (!isChecked(bytes, second & 0xffff, third, headerBytes)) {
            malformed = true;
            return;
        }
        level = IP;
        end = network + totalBytes;
        transport = network + headerBytes;
        if (wanted == TRANSPORT && (third >>> 16 & FRAGMENT_BITS) == 0) {
            parseTransport(bytes, (int) third & 0xff);
        }
    }

    private boolean isChecked(ByteBuffer bytes, long begin, long third, int headerBytes) {
        long fourth = bytes.getLong(link + 24);
        long sum = begin + (third >>> 32) + (third & 0xffff_ffffL) + (fourth >>> 32) + (fourth & 0xffff_ffffL);
        sum += InternetChecksum.sum(bytes, link + 32, headerBytes - 18);
        return InternetChecksum.complement(sum) == 0;
    }

    private void parseTransport(ByteBuffer bytes, int protocol) {
        int available = end - transport;
        if (protocol == UDP && available >= UDP_BYTES) {
            int datagramBytes = bytes.getShort(transport + 4) & 0xffff;
            if (datagramBytes >= UDP_BYTES && datagramBytes <= available) {
                payload = transport + UDP_BYTES;
                level = TRANSPORT;
            }
        } else if (protocol == TCP && available >= TCP_BYTES) {
            int headerBytes = (bytes.get(transport + 12) & 0xf0) >>> 2;
            if (headerBytes >= TCP_BYTES && headerBytes <= available) {
                payload = transport + headerBytes;
                level = TRANSPORT;
            }
        }
    }

    /** Returns the end of a UDP datagram, which may be shorter than what IP carries. */
    int datagramEnd(ByteBuffer bytes) {
        return transport + (bytes.getShort(transport + 4) & 0xffff);
    }
}

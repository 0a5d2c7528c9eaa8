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
    /** Whether the Ethernet header announces IPv4 and what follows is not. */
    boolean malformed;

    /*
     * Bytes are read in words of eight, each once; a packet's first bytes are in no cache, and every access is checked.
     *
     *   begin    version and header length (1), type of service (1), total length (2), identification (2), fragment (2)
     *   middle   time to live (1), protocol (1), checksum (2), source (4)
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
        level = RAW;
        malformed = false;
        if (length < ETHERNET_BYTES) {
            return;
        }
        long destination = bytes.getLong(offset) >>> 16;
        if (mac != 0 && destination != mac && (destination & MULTICAST_BIT) == 0) {
            return;
        }
        level = ETHERNET;
        if ((bytes.getShort(offset + 12) & 0xffff) == TYPE_IP) {
            parseIp(bytes, wanted);
        }
    }

    private void parseIp(ByteBuffer bytes, int wanted) {
        malformed = true;
        int available = frameEnd - network;
        if (available < IP_BYTES) {
            return;
        }
        long begin = bytes.getLong(network);
        int headerBytes = (int) (begin >>> 56 & 0xf) << 2;
        int totalBytes = (int) (begin >>> 32) & 0xffff;
        if (begin >>> 60 != 4 || headerBytes < IP_BYTES || totalBytes < headerBytes || totalBytes > available) {
            return;
        }
        if (wanted < IP) {
            malformed = false;
            end = network + totalBytes;
            return;
        }
        long middle = bytes.getLong(network + 8);
        if (!isChecked(bytes, begin, middle, headerBytes)) {
            return;
        }
        malformed = false;
        level = IP;
        end = network + totalBytes;
        transport = network + headerBytes;
        if (wanted == TRANSPORT && (begin & FRAGMENT_BITS) == 0) {
            parseTransport(bytes, (int) (middle >>> 48) & 0xff);
        }
    }

    private boolean isChecked(ByteBuffer bytes, long begin, long middle, int headerBytes) {
        long sum = (begin >>> 32) + (begin & 0xffff_ffffL) + (middle >>> 32) + (middle & 0xffff_ffffL);
        sum += InternetChecksum.sum(bytes, network + 16, headerBytes - 16);
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

package org.dvm.nodeos.lab;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.HeaderOffsets;
import org.dvm.nodeos.link.MacAddress;

/** Makes Ethernet frames with an IPv4 and a UDP header, for generators and tests. */
public final class UdpFrames {
    /** Time to live of the frames made here. */
    public static final int TTL = 64;

    private static final int VERSION_4_WORDS_5 = 0x45;

    private UdpFrames() {}

    /**
     * Makes a frame.
     *
     * @param destination Ethernet address of the next station
     * @param source Ethernet address of the sender
     * @param sourceAddress IPv4 address of the sender
     * @param destinationAddress IPv4 address of the receiver
     * @param destinationPort UDP port of the receiver; the sender's is the same
     * @param lengthBytes length of the frame without checksum, at least 42
     * @return the frame: IPv4 checksum right, UDP checksum 0 (none), payload zero
     */
    public static byte[] make(
            MacAddress destination,
            MacAddress source,
            int sourceAddress,
            int destinationAddress,
            int destinationPort,
            int lengthBytes) {
        int payload = HeaderOffsets.ETHERNET_BYTES + HeaderOffsets.IPV4_BYTES + HeaderOffsets.UDP_BYTES;
        if (lengthBytes < payload) {
            throw new IllegalArgumentException("frame must hold its headers: lengthBytes=" + lengthBytes);
        }
        ByteBuffer frame = ByteBuffer.allocate(lengthBytes);
        frame.put(destination.toBytes()).put(source.toBytes()).putShort((short) HeaderOffsets.TYPE_IPV4);
        frame.put((byte) VERSION_4_WORDS_5)
                .put((byte) 0)
                .putShort((short) (lengthBytes - HeaderOffsets.ETHERNET_BYTES))
                .putInt(0)
                .put((byte) TTL)
                .put((byte) HeaderOffsets.PROTOCOL_UDP)
                .putShort((short) 0)
                .putInt(sourceAddress)
                .putInt(destinationAddress);
        frame.putShort((short) destinationPort)
                .putShort((short) destinationPort)
                .putShort((short) (lengthBytes - HeaderOffsets.ETHERNET_BYTES - HeaderOffsets.IPV4_BYTES))
                .putShort((short) 0);
        int checksumAt = HeaderOffsets.ETHERNET_BYTES + HeaderOffsets.IPV4_CHECKSUM;
        frame.putShort(checksumAt, (short) headerChecksum(frame.array(), HeaderOffsets.ETHERNET_BYTES));
        return frame.array();
    }

    /**
     * Adds up an IPv4 header without options.
     *
     * @param frame where it stands
     * @param at its first byte
     * @return what belongs into a checksum field that is 0; 0 if the field is set and right
     */
    public static int headerChecksum(byte[] frame, int at) {
        int sum = 0;
        for (int i = at; i < at + HeaderOffsets.IPV4_BYTES; i += 2) {
            sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~sum & 0xffff;
    }
}

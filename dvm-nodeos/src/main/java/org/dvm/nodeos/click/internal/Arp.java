package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.PacketBuffer;

/**
 * An ARP message for IPv4 over Ethernet, from the start of the frame.
 *
 * <pre>
 *   14: hardware 1   16: protocol 0x0800   18: 6   19: 4   20: operation
 *   22: sender Ethernet   28: sender IP   32: target Ethernet   38: target IP
 * </pre>
 *
 * <p>Source: RFC 826.
 */
final class Arp {
    static final int ETHERTYPE = 0x0806;
    static final int FRAME_BYTES = 42;
    static final int REQUEST = 1;
    static final int REPLY = 2;

    private static final int HARDWARE = 14;
    private static final int PROTOCOL = 16;
    private static final int LENGTHS = 18;
    private static final int OPERATION = 20;
    private static final int SENDER_ETHER = 22;
    private static final int SENDER_IP = 28;
    private static final int TARGET_ETHER = 32;
    private static final int TARGET_IP = 38;
    private static final int ETHERNET = 1;
    private static final int LENGTHS_6_4 = 0x0604;

    private Arp() {}

    /** Returns whether a frame is an ARP message of that operation. */
    static boolean is(PacketBuffer frame, int operation) {
        return frame.length() >= FRAME_BYTES
                && frame.getUnsignedShort(Ether.TYPE) == ETHERTYPE
                && frame.getUnsignedShort(HARDWARE) == ETHERNET
                && frame.getUnsignedShort(PROTOCOL) == Ip.ETHERTYPE
                && frame.getUnsignedShort(LENGTHS) == LENGTHS_6_4
                && frame.getUnsignedShort(OPERATION) == operation;
    }

    static long senderEther(PacketBuffer frame) {
        return Ether.address(frame, SENDER_ETHER);
    }

    static int senderIp(PacketBuffer frame) {
        return frame.getInt(SENDER_IP);
    }

    static int targetIp(PacketBuffer frame) {
        return frame.getInt(TARGET_IP);
    }

    /** Writes a whole message into an empty buffer. */
    static void write(
            PacketBuffer frame, int operation, long toEther, long ether, int ip, long targetEther, int targetIp) {
        frame.put(FRAME_BYTES - Ether.HEADER_BYTES);
        Ether.push(frame, toEther, ether, ETHERTYPE);
        frame.setShort(HARDWARE, ETHERNET);
        frame.setShort(PROTOCOL, Ip.ETHERTYPE);
        frame.setShort(LENGTHS, LENGTHS_6_4);
        frame.setShort(OPERATION, operation);
        Ether.setAddress(frame, SENDER_ETHER, ether);
        frame.setInt(SENDER_IP, ip);
        Ether.setAddress(frame, TARGET_ETHER, targetEther);
        frame.setInt(TARGET_IP, targetIp);
    }
}

package org.dvm.nodeos.internal.linux.packet;

import java.nio.ByteBuffer;
import org.dvm.nodeos.internal.linux.HeaderOffsets;

/**
 * Gives a frame back what offloads took from it: the VLAN tag that the kernel keeps beside the frame, and the transport
 * checksum that a sender on the same machine left for a device to fill in.
 */
final class Repair {
    /** {@code TP_STATUS_CSUMNOTREADY}: the checksum field holds the sum of the pseudo header only. */
    static final int CHECKSUM_NOT_READY = 1 << 3;

    /** {@code TP_STATUS_VLAN_VALID}. */
    static final int VLAN_VALID = 1 << 4;

    /** {@code TP_STATUS_VLAN_TPID_VALID}. */
    static final int VLAN_TYPE_VALID = 1 << 6;

    private static final int TYPE_VLAN = 0x8100;

    private Repair() {}

    // Hot path: no allocation, no locks, no logging.

    /** Returns the first four bytes of a VLAN tag. */
    static int vlanTag(int status, int type, int control) {
        return ((status & VLAN_TYPE_VALID) != 0 ? type : TYPE_VLAN) << Short.SIZE | control;
    }

    /**
     * Inserts a VLAN tag by moving both addresses towards the headroom.
     *
     * @param frames big-endian
     * @param at first byte of the frame, with four bytes of room before it
     * @return the new first byte
     */
    static int insertVlanTag(ByteBuffer frames, int at, int tag) {
        int start = at - HeaderOffsets.VLAN_TAG_BYTES;
        frames.putLong(start, frames.getLong(at));
        frames.putInt(start + Long.BYTES, frames.getInt(at + Long.BYTES));
        frames.putInt(start + HeaderOffsets.ETHERNET_ADDRESSES_BYTES, tag);
        return start;
    }

    /**
     * Completes the checksum of an untagged UDP or TCP frame; others, and those with lying lengths, stay as they are.
     *
     * @param frames big-endian
     * @param at first byte of the frame
     * @param length its length
     */
    static void completeChecksum(ByteBuffer frames, int at, int length) {
        int network = at + HeaderOffsets.ETHERNET_BYTES;
        int end = at + length;
        if (network + HeaderOffsets.IPV4_BYTES > end) {
            return;
        }
        int type = Short.toUnsignedInt(frames.getShort(at + HeaderOffsets.ETHERNET_TYPE));
        if (type == HeaderOffsets.TYPE_IPV4) {
            int transport = network + (frames.get(network) & 0x0f) * Integer.BYTES;
            int total = network + Short.toUnsignedInt(frames.getShort(network + HeaderOffsets.IPV4_LENGTH));
            complete(frames, frames.get(network + HeaderOffsets.IPV4_PROTOCOL), transport, Math.min(total, end));
        } else if (type == HeaderOffsets.TYPE_IPV6 && network + HeaderOffsets.IPV6_BYTES <= end) {
            complete(
                    frames,
                    frames.get(network + HeaderOffsets.IPV6_NEXT_HEADER),
                    network + HeaderOffsets.IPV6_BYTES,
                    end);
        }
    }

    private static void complete(ByteBuffer frames, int protocol, int transport, int end) {
        int field;
        if (protocol == HeaderOffsets.PROTOCOL_UDP) {
            field = transport + HeaderOffsets.UDP_CHECKSUM;
        } else if (protocol == HeaderOffsets.PROTOCOL_TCP) {
            field = transport + HeaderOffsets.TCP_CHECKSUM;
        } else {
            return;
        }
        if (field + Short.BYTES > end) {
            return;
        }
        long sum = 0;
        int at = transport;
        for (; at + Short.BYTES <= end; at += Short.BYTES) {
            sum += Short.toUnsignedInt(frames.getShort(at));
        }
        if (at < end) {
            sum += (frames.get(at) & 0xff) << Byte.SIZE;
        }
        while (sum >>> Short.SIZE != 0) {
            sum = (sum & 0xffff) + (sum >>> Short.SIZE);
        }
        int checksum = (int) ~sum & 0xffff;
        frames.putShort(field, (short) (checksum == 0 ? 0xffff : checksum)); // 0 would mean none in UDP
    }
}

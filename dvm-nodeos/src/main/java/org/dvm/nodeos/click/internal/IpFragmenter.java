package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;

/**
 * Splits packets larger than the MTU into fragments; those that forbid it go to output 1 unchanged.
 *
 * <p>Source: RFC 791, 3.2.
 */
final class IpFragmenter extends Element {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int COPIED = 0x80;

    private int mtu;
    private boolean honorDontFragment;
    private long fragments;
    private long drops;
    private final byte[] options = new byte[40];

    @Override
    public String className() {
        return "IPFragmenter";
    }

    @Override
    protected String portCount() {
        return "1/1-2";
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("MTU", "HONOR_DF", "VERBOSE");
    }

    @Override
    protected void configure(Args args) {
        mtu = args.mandatory("MTU", Values.integer(68, 0xffff), 1500);
        honorDontFragment = args.optional("HONOR_DF", Values::truth, true);
        args.keyword("VERBOSE", Values::truth, false);
        readHandler("fragments", () -> Long.toString(fragments));
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected void push(int port, PacketBuffer packet) {
        int ip = Ip.header(packet);
        if (ip < 0 || packet.length() - ip <= mtu) {
            output(0).push(packet);
        } else if (honorDontFragment && (packet.getUnsignedShort(ip + Ip.FRAGMENT) & Ip.DONT_FRAGMENT) != 0) {
            drops++;
            pushOrDrop(1, packet);
        } else {
            fragment(packet, ip);
        }
    }

    private void fragment(PacketBuffer packet, int ip) {
        int headerBytes = Ip.headerBytes(packet, ip);
        int total = Math.min(packet.getUnsignedShort(ip + Ip.LENGTH), packet.length() - ip);
        int optionBytes = copiedOptions(packet, ip, headerBytes);
        int word = packet.getUnsignedShort(ip + Ip.FRAGMENT);
        int firstBytes = mtu - headerBytes & ~7;
        int laterBytes = mtu - Ip.HEADER_BYTES - optionBytes & ~7;
        if (firstBytes <= 0 || laterBytes <= 0 || headerBytes > total) {
            drops++;
            packet.release();
            return;
        }
        int offset = word & Ip.OFFSET_MASK;
        int payload = total - headerBytes;
        for (int at = firstBytes; at < payload; at += laterBytes) {
            int count = Math.min(laterBytes, payload - at);
            boolean more = at + count < payload || (word & Ip.MORE_FRAGMENTS) != 0;
            later(packet, ip, headerBytes, at, count, optionBytes, offset + at / 8 | (more ? Ip.MORE_FRAGMENTS : 0));
        }
        packet.take(packet.length() - ip - headerBytes - firstBytes);
        packet.setShort(ip + Ip.LENGTH, headerBytes + firstBytes);
        packet.setShort(ip + Ip.FRAGMENT, word | Ip.MORE_FRAGMENTS);
        Ip.setChecksum(packet, ip);
        fragments++;
        output(0).push(packet);
    }

    /** Makes and sends a fragment after the first; the link-level header, if any, is copied, too. */
    private void later(
            PacketBuffer packet, int ip, int headerBytes, int at, int count, int optionBytes, int fragmentWord) {
        int laterHeader = Ip.HEADER_BYTES + optionBytes;
        PacketBuffer fragment = Packets.ofLength(context(), ip + laterHeader + count);
        if (fragment == null) {
            drops++;
            return;
        }
        fragment.copyIn(0, packet, 0, ip + Ip.HEADER_BYTES);
        fragment.copyIn(ip + Ip.HEADER_BYTES, options, 0, optionBytes);
        fragment.copyIn(ip + laterHeader, packet, ip + headerBytes + at, count);
        fragment.setByte(ip, 4 << 4 | laterHeader >> 2);
        fragment.setShort(ip + Ip.LENGTH, laterHeader + count);
        fragment.setShort(ip + Ip.FRAGMENT, fragmentWord);
        Annotations.copy(packet, fragment);
        Annotations.setNetworkHeader(fragment, ip);
        Ip.setChecksum(fragment, ip);
        fragments++;
        output(0).push(fragment);
    }

    /** Gathers the options that later fragments carry, padded to words, and returns their bytes. */
    private int copiedOptions(PacketBuffer packet, int ip, int headerBytes) {
        int at = ip + Ip.HEADER_BYTES;
        int end = ip + headerBytes;
        int copied = 0;
        while (at < end) {
            int kind = packet.getUnsignedByte(at);
            if (kind == END) {
                break;
            }
            int length = kind == NO_OPERATION ? 1 : at + 1 < end ? packet.getUnsignedByte(at + 1) : 0;
            if (length < 1 || at + length > end) {
                break;
            }
            if ((kind & COPIED) != 0) {
                packet.copyOut(at, options, copied, length);
                copied += length;
            }
            at += length;
        }
        while (copied % 4 != 0) {
            options[copied++] = END;
        }
        return copied;
    }
}

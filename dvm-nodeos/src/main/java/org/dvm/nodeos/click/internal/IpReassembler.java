package org.dvm.nodeos.click.internal;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.RouterTimer;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/*
 * A datagram under assembly is a buffer laid out as the whole packet, and a bit for every eight bytes of payload that
 * have come. Overlapping fragments end the datagram: nobody sends them but to slip something past a filter (RFC 5722
 * says so for IPv6).
 */
/** Puts fragments together and sends the whole datagram on; what isn't whole after 30 seconds is dropped. */
final class IpReassembler extends Element {
    private static final long LIFE_NANOS = 30_000_000_000L;
    private static final long TICK_NANOS = 1_000_000_000L;

    /** Datagrams under assembly at a time; the oldest goes when one more comes. */
    private static final int MAX_DATAGRAMS = 256;

    private record Key(int source, int destination, int id, int protocol) {}

    private static final class Datagram {
        final PacketBuffer packet;
        final long[] have = new long[(1 << 13) / 64];
        final long born;
        int payloadBytes = -1;
        int received;

        Datagram(PacketBuffer packet, long born) {
            this.packet = packet;
            this.born = born;
        }

        /** Marks blocks of eight bytes as received; false where one was already. */
        boolean mark(int firstBlock, int blocks) {
            for (int block = firstBlock; block < firstBlock + blocks; block++) {
                if ((have[block >> 6] >>> (block & 63) & 1) != 0) {
                    return false;
                }
                have[block >> 6] |= 1L << (block & 63);
            }
            return true;
        }
    }

    private final Map<Key, Datagram> datagrams = new java.util.LinkedHashMap<>();
    private long drops;
    private @Nullable RouterTimer timer;

    @Override
    public String className() {
        return "IPReassembler";
    }

    @Override
    protected String processing() {
        return "h/h";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("HIMEM");
    }

    @Override
    protected void configure(Args args) {
        args.keyword("HIMEM", Values.integer(0, Integer.MAX_VALUE), 0);
        readHandler("drops", () -> Long.toString(drops));
        readHandler("pending", () -> Integer.toString(datagrams.size()));
    }

    @Override
    protected void initialize() {
        timer = context().newTimer(this::expire);
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer fragment) {
        int ip = Ip.header(fragment);
        if (ip < 0) {
            return fragment;
        }
        int word = fragment.getUnsignedShort(ip + Ip.FRAGMENT);
        if ((word & (Ip.MORE_FRAGMENTS | Ip.OFFSET_MASK)) == 0) {
            return fragment;
        }
        PacketBuffer whole = add(fragment, ip, word);
        fragment.release();
        return whole;
    }

    private @Nullable PacketBuffer add(PacketBuffer fragment, int ip, int word) {
        int headerBytes = Ip.headerBytes(fragment, ip);
        int length = fragment.getUnsignedShort(ip + Ip.LENGTH);
        int offset = (word & Ip.OFFSET_MASK) * 8;
        int count = length - headerBytes;
        boolean last = (word & Ip.MORE_FRAGMENTS) == 0;
        Key key = new Key(
                fragment.getInt(ip + Ip.SOURCE),
                fragment.getInt(ip + Ip.DESTINATION),
                fragment.getUnsignedShort(ip + Ip.ID),
                fragment.getUnsignedByte(ip + Ip.PROTOCOL));
        boolean sound = headerBytes >= Ip.HEADER_BYTES
                && count > 0
                && ip + length <= fragment.length()
                && (last || count % 8 == 0)
                && offset + count <= 0xffff - Ip.HEADER_BYTES;
        Datagram datagram = sound ? find(key, fragment, ip) : null;
        if (datagram == null || !place(datagram, fragment, ip + headerBytes, offset, count, last)) {
            drops++;
            forget(key);
            return null;
        }
        if (offset == 0) {
            copyHeader(datagram, fragment, ip);
        }
        if (datagram.received != datagram.payloadBytes) {
            return null;
        }
        datagrams.remove(key);
        return finish(datagram);
    }

    private @Nullable Datagram find(Key key, PacketBuffer fragment, int ip) {
        Datagram datagram = datagrams.get(key);
        if (datagram == null) {
            PacketBuffer packet = context().newPacket();
            if (packet == null) {
                return null;
            }
            packet.put(Ip.HEADER_BYTES);
            packet.copyIn(0, fragment, ip, Ip.HEADER_BYTES);
            Annotations.copy(fragment, packet);
            Annotations.setNetworkHeader(packet, 0);
            if (datagrams.size() >= MAX_DATAGRAMS) {
                drops++;
                forget(datagrams.keySet().iterator().next());
            }
            datagram = new Datagram(packet, context().nanoTime());
            datagrams.put(key, datagram);
            if (timer != null && !timer.isSet()) {
                timer.setAfter(TICK_NANOS);
            }
        }
        return datagram;
    }

    /** Copies a fragment's payload to its place; false where it overlaps, contradicts the end or doesn't fit. */
    private static boolean place(Datagram datagram, PacketBuffer from, int at, int offset, int count, boolean last) {
        PacketBuffer packet = datagram.packet;
        int end = offset + count;
        if (last && datagram.payloadBytes >= 0 || datagram.payloadBytes >= 0 && end > datagram.payloadBytes) {
            return false;
        }
        int missing = Ip.HEADER_BYTES + end - packet.length();
        if (missing > packet.tailroom() || last && missing < 0 || !datagram.mark(offset / 8, (count + 7) / 8)) {
            return false;
        }
        if (missing > 0) {
            packet.put(missing);
        }
        packet.copyIn(Ip.HEADER_BYTES + offset, from, at, count);
        datagram.received += count;
        if (last) {
            datagram.payloadBytes = end;
        }
        return true;
    }

    /** The first fragment's header is the datagram's; its options were for the way here. */
    private static void copyHeader(Datagram datagram, PacketBuffer fragment, int ip) {
        datagram.packet.copyIn(0, fragment, ip, Ip.HEADER_BYTES);
    }

    private static PacketBuffer finish(Datagram datagram) {
        PacketBuffer packet = datagram.packet;
        packet.setByte(0, 4 << 4 | Ip.HEADER_BYTES >> 2);
        packet.setShort(Ip.LENGTH, Ip.HEADER_BYTES + datagram.payloadBytes);
        packet.setShort(Ip.FRAGMENT, 0);
        Ip.setChecksum(packet, 0);
        return packet;
    }

    private void forget(Key key) {
        Datagram datagram = datagrams.remove(key);
        if (datagram != null) {
            datagram.packet.release();
        }
    }

    private void expire() {
        long now = context().nanoTime();
        for (Iterator<Datagram> i = datagrams.values().iterator(); i.hasNext(); ) {
            Datagram datagram = i.next();
            if (now - datagram.born >= LIFE_NANOS) {
                drops++;
                datagram.packet.release();
                i.remove();
            }
        }
        if (!datagrams.isEmpty() && timer != null) {
            timer.setAfter(TICK_NANOS);
        }
    }

    @Override
    protected void cleanup() {
        new HashMap<>(datagrams).keySet().forEach(this::forget);
    }
}

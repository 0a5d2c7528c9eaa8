package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dvm.nodeos.link.CutThroughPlan.Base;
import org.dvm.nodeos.link.CutThroughPlan.Match;
import org.dvm.nodeos.link.MacAddress;

/**
 * The packets of one input channel, compiled from its protocols, addresses and key: what is required of each byte.
 *
 * <p>Two rules are compared byte by byte. They are disjoint if some byte is required by both with different bits; one
 * implies the other if it requires all that the other requires. Bytes counted from different headers are never compared:
 * such rules count as overlapping, which errs on the safe side.
 */
final class DemuxRule {
    /** Offset of the destination address, the source address, the protocol number, the fragment bits in an IP header. */
    private static final int IP_DESTINATION = 16;

    private static final int IP_SOURCE = 12;
    private static final int IP_PROTOCOL = 9;
    private static final int IP_FRAGMENT = 6;
    private static final int ETHERNET_SOURCE = 6;
    private static final int ETHERNET_TYPE = 12;

    /** What is required of one byte. */
    private record Bits(int mask, int value) {}

    private final int level;
    private final TreeMap<Integer, Bits> required = new TreeMap<>();

    private DemuxRule(int level) {
        this.level = level;
    }

    /**
     * Compiles the rule of a channel.
     *
     * @throws SpecificationException if the parts contradict each other or ask for ranges of ports
     */
    static DemuxRule of(ProtocolSpec protocols, AddressSpec addresses, DemuxKey key) {
        int level = protocols
                .top()
                .map(top -> switch (top) {
                    case ETH -> Headers.ETHERNET;
                    case IP -> Headers.IP;
                    case UDP, TCP -> Headers.TRANSPORT;
                })
                .orElse(Headers.RAW);
        DemuxRule rule = new DemuxRule(level);
        rule.requireAddresses(protocols, addresses);
        Base delivered = deliveredFrom(protocols);
        for (DemuxKey.Field field : key.fields()) {
            byte[] mask = field.mask();
            byte[] value = field.value();
            for (int i = 0; i < field.length(); i++) {
                rule.require(delivered, field.offset() + i, mask[i] & 0xff, value[i] & 0xff, protocols, key);
            }
        }
        return rule;
    }

    /** Returns the header at whose start the data of a channel begins. */
    static Base deliveredFrom(ProtocolSpec protocols) {
        return protocols
                .top()
                .map(top -> switch (top) {
                    case ETH -> Base.NETWORK;
                    case IP, TCP -> Base.TRANSPORT;
                    case UDP -> Base.PAYLOAD;
                })
                .orElse(Base.LINK);
    }

    private void requireAddresses(ProtocolSpec protocols, AddressSpec addresses) {
        if (level < Headers.IP
                && !(addresses.local().equals(Endpoint.ANY)
                        && addresses.remote().equals(Endpoint.ANY))) {
            throw new SpecificationException(
                    "addresses need a protocol specification with ip, " + protocols + " has none",
                    addresses.toString());
        }
        boolean ports = !addresses.local().isAnyPort() || !addresses.remote().isAnyPort();
        if (level < Headers.TRANSPORT && ports) {
            throw new SpecificationException(
                    "ports need a protocol specification with udp or tcp, " + protocols + " has none",
                    addresses.toString());
        }
        addresses.mac().map(MacAddress::bits).ifPresent(bits -> require(Base.LINK, ETHERNET_SOURCE, 6, -1L, bits));
        addresses.type().ifPresent(type -> require(Base.LINK, ETHERNET_TYPE, 2, -1L, type));
        if (level < Headers.IP) {
            return;
        }
        require(Base.LINK, ETHERNET_TYPE, 2, -1L, Headers.TYPE_IP);
        require(Base.NETWORK, IP_DESTINATION, addresses.local());
        require(Base.NETWORK, IP_SOURCE, addresses.remote());
        addresses.number().ifPresent(number -> require(Base.NETWORK, IP_PROTOCOL, 1, -1L, number));
        if (level == Headers.TRANSPORT) {
            int number = protocols.handles(Protocol.UDP) ? Headers.UDP : Headers.TCP;
            require(Base.NETWORK, IP_PROTOCOL, 1, -1L, number);
            require(Base.NETWORK, IP_FRAGMENT, 2, 0x3fff, 0);
            requirePort(2, addresses.local(), addresses);
            requirePort(0, addresses.remote(), addresses);
        }
    }

    private void require(Base base, int offset, Endpoint end) {
        require(base, offset, 4, end.mask() & 0xffff_ffffL, end.address() & 0xffff_ffffL);
    }

    private void requirePort(int offset, Endpoint end, AddressSpec addresses) {
        if (end.isOnePort()) {
            require(Base.TRANSPORT, offset, 2, -1L, end.firstPort());
        } else if (!end.isAnyPort()) {
            throw new SpecificationException(
                    "a channel takes one port or all (*); open one channel for each port of a range",
                    addresses.toString());
        }
    }

    private void require(Base base, int offset, int length, long mask, long value) {
        for (int i = 0; i < length; i++) {
            int shift = 8 * (length - 1 - i);
            put(base, offset + i, (int) (mask >>> shift) & 0xff, (int) (value >>> shift) & 0xff);
        }
    }

    private void require(Base base, int offset, int mask, int value, ProtocolSpec protocols, DemuxKey key) {
        if (!put(base, offset, mask, value)) {
            throw new SpecificationException(
                    "demultiplexing key contradicts itself or the addresses of " + protocols, key.toString());
        }
    }

    private boolean put(Base base, int offset, int mask, int value) {
        if (mask == 0) {
            return true;
        }
        int at = base.ordinal() << 16 | offset;
        Bits old = required.get(at);
        if (old == null) {
            required.put(at, new Bits(mask, value));
            return true;
        }
        if (((old.value ^ value) & old.mask & mask) != 0) {
            return false;
        }
        required.put(at, new Bits(old.mask | mask, old.value | value));
        return true;
    }

    /** Returns how far a frame must be valid, {@link Headers#RAW} to {@link Headers#TRANSPORT}. */
    int level() {
        return level;
    }

    /** Returns the number of bits required: the more, the more specific. */
    int bits() {
        return required.values().stream()
                        .mapToInt(bits -> Integer.bitCount(bits.mask))
                        .sum()
                + level;
    }

    /** Returns whether some packet may match both rules. */
    boolean overlaps(DemuxRule other) {
        for (Map.Entry<Integer, Bits> entry : required.entrySet()) {
            Bits theirs = other.required.get(entry.getKey());
            Bits ours = entry.getValue();
            if (theirs != null && ((theirs.value ^ ours.value) & theirs.mask & ours.mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether each packet of this rule matches the other too. */
    boolean implies(DemuxRule other) {
        for (Map.Entry<Integer, Bits> entry : other.required.entrySet()) {
            Bits ours = required.get(entry.getKey());
            Bits theirs = entry.getValue();
            if (ours == null || (theirs.mask & ~ours.mask) != 0 || (ours.value & theirs.mask) != theirs.value) {
                return false;
            }
        }
        return level >= other.level;
    }

    /** Returns the conditions in words of 8, 4, 2 or 1 bytes, in order of base and offset. */
    List<Match> matches() {
        List<Match> matches = new ArrayList<>();
        List<Integer> places = new ArrayList<>(required.keySet());
        int at = 0;
        while (at < places.size()) {
            int first = places.get(at);
            int run = 1;
            while (run < 8 && at + run < places.size() && places.get(at + run) == first + run) {
                run++;
            }
            int length = Integer.highestOneBit(run);
            long mask = 0;
            long value = 0;
            for (int i = 0; i < length; i++) {
                Bits bits = required.get(first + i);
                if (bits == null) {
                    throw new IllegalStateException("run of bytes has a hole: place=" + (first + i));
                }
                mask = mask << 8 | bits.mask;
                value = value << 8 | bits.value;
            }
            matches.add(new Match(Base.values()[first >>> 16], first & 0xffff, length, mask, value));
            at += length;
        }
        return matches;
    }
}

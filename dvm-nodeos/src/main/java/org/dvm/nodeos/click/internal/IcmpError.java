package org.dvm.nodeos.click.internal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * Turns a packet into the ICMP error that its sender gets. None is sent about ICMP errors, later fragments, broadcasts
 * and multicasts, or to senders that aren't one host.
 *
 * <p>Source: RFC 792; RFC 1812, 4.3.2.
 */
final class IcmpError extends Element {
    private static final int HEADER_BYTES = 8;
    private static final int UNREACHABLE = 3;
    private static final int REDIRECT = 5;
    private static final int PARAMETER_PROBLEM = 12;
    private static final int NEED_FRAGMENT = 4;
    private static final int TTL = 255;

    private static final Map<String, Integer> TYPES = Map.of(
            "unreachable", UNREACHABLE,
            "sourcequench", 4,
            "redirect", REDIRECT,
            "timeexceeded", 11,
            "parameterproblem", PARAMETER_PROBLEM);

    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("net", 0),
            Map.entry("host", 1),
            Map.entry("protocol", 2),
            Map.entry("port", 3),
            Map.entry("needfrag", NEED_FRAGMENT),
            Map.entry("srcroutefail", 5),
            Map.entry("netunknown", 6),
            Map.entry("hostunknown", 7),
            Map.entry("netprohibited", 9),
            Map.entry("hostprohibited", 10),
            Map.entry("filterprohibited", 13),
            Map.entry("transit", 0),
            Map.entry("reassembly", 1),
            Map.entry("erroratptr", 0),
            Map.entry("missingopt", 1),
            Map.entry("badlength", 2));

    private int source;
    private int type;
    private int code;
    private int[] badSources = {};
    private int mtu;
    private int packetBytes;
    private boolean fixSource;
    private int id;
    private long drops;

    @Override
    public String className() {
        return "ICMPError";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("SRC", "TYPE", "CODE", "BADADDRS", "MTU", "PMTU", "MAXLEN", "USE_FIX_ANNO");
    }

    @Override
    protected void configure(Args args) {
        source = args.mandatory("SRC", Values::ipAddress, 0);
        type = args.mandatory("TYPE", text -> named(TYPES, text), 0);
        code = args.optional("CODE", text -> named(CODES, text), 0);
        badSources = ConfigurationWords.of(args.optional("BADADDRS", text -> text, "")).stream()
                .mapToInt(text -> args.parse("BADADDRS", text, Values::ipAddress, 0))
                .toArray();
        packetBytes = args.keyword("MAXLEN", Values.integer(56, 0xffff), 576);
        mtu = args.keyword("PMTU", Values.integer(0, 0xffff), 0);
        args.keyword("MTU", Values.integer(0, 0xffff), 0);
        fixSource = args.keyword("USE_FIX_ANNO", Values::truth, true);
        readHandler("drops", () -> Long.toString(drops));
    }

    private static Integer named(Map<String, Integer> names, String text) {
        Integer value = names.get(text);
        if (value != null) {
            return value;
        }
        if (!text.matches("[0-9]+")) {
            throw new IllegalArgumentException("unknown name '" + text + "'; there are " + List.copyOf(names.keySet()));
        }
        return Values.integer(0, 255).parse(text);
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        int ip = Ip.header(packet);
        PacketBuffer error = ip >= 0 && isAllowed(packet, ip) ? make(packet, ip) : null;
        if (error == null) {
            drops++;
        }
        packet.release();
        return error;
    }

    private boolean isAllowed(PacketBuffer packet, int ip) {
        int from = packet.getInt(ip + Ip.SOURCE);
        int to = packet.getInt(ip + Ip.DESTINATION);
        int kind = Annotations.linkKind(packet);
        if (Ip.isLaterFragment(packet, ip)
                || kind == Annotations.BROADCAST
                || kind == Annotations.MULTICAST
                || !isUnicast(from)
                || to >>> 28 == 14
                || to == -1) {
            return false;
        }
        for (int bad : badSources) {
            if (bad == from || bad == to) {
                return false;
            }
        }
        return !isIcmpError(packet, ip);
    }

    private static boolean isUnicast(int address) {
        return address >>> 28 < 14 && address >>> 24 != 0 && address >>> 24 != 127;
    }

    private static boolean isIcmpError(PacketBuffer packet, int ip) {
        int icmp = ip + Ip.headerBytes(packet, ip);
        return packet.getUnsignedByte(ip + Ip.PROTOCOL) == Ip.ICMP
                && (icmp >= packet.length() || TYPES.containsValue(packet.getUnsignedByte(icmp)));
    }

    private @Nullable PacketBuffer make(PacketBuffer packet, int ip) {
        int icmp = Ip.HEADER_BYTES;
        int quoted = Math.min(packet.length() - ip, packetBytes - icmp - HEADER_BYTES);
        PacketBuffer error = Packets.ofLength(context(), icmp + HEADER_BYTES + quoted);
        if (error == null) {
            return null;
        }
        error.setByte(0, 4 << 4 | Ip.HEADER_BYTES >> 2);
        error.setByte(Ip.TOS, 0xc0); // internetwork control: RFC 1812, 4.3.2.5
        error.setShort(Ip.LENGTH, error.length());
        error.setShort(Ip.ID, id++ & 0xffff);
        error.setByte(Ip.TTL, TTL);
        error.setByte(Ip.PROTOCOL, Ip.ICMP);
        error.setInt(Ip.SOURCE, source);
        error.setInt(Ip.DESTINATION, packet.getInt(ip + Ip.SOURCE));
        error.setByte(icmp, type);
        error.setByte(icmp + 1, code);
        if (type == PARAMETER_PROBLEM && code == 0) {
            error.setByte(icmp + 4, Annotations.parameterProblem(packet));
        } else if (type == REDIRECT) {
            error.setInt(icmp + 4, Annotations.destination(packet));
        } else if (type == UNREACHABLE && code == NEED_FRAGMENT) {
            error.setShort(icmp + 6, mtu);
        }
        error.copyIn(icmp + HEADER_BYTES, packet, ip, quoted);
        error.setShort(icmp + 2, error.internetChecksum(icmp, HEADER_BYTES + quoted));
        Annotations.setNetworkHeader(error, 0);
        Annotations.setDestination(error, packet.getInt(ip + Ip.SOURCE));
        Annotations.setFixSource(error, fixSource);
        Ip.setChecksum(error, 0);
        return error;
    }
}

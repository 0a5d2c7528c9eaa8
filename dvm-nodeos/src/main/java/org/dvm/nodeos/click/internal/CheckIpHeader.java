package org.dvm.nodeos.click.internal;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * Lets valid IP packets pass, marks their header and cuts what follows the datagram; others go to output 1 if it is
 * connected. Notes the destination address.
 *
 * <p>CheckIPHeader and CheckIPHeader2 check the same but the checksum, which the latter leaves; MarkIPHeader checks
 * nothing.
 */
final class CheckIpHeader extends Element {
    /** How much is checked. */
    enum Depth {
        ALL,
        NO_CHECKSUM,
        NOTHING
    }

    /** Why a packet was refused. */
    private enum Reason {
        TINY_PACKET,
        BAD_VERSION,
        BAD_HLEN,
        BAD_IP_LEN,
        BAD_CHECKSUM,
        BAD_SADDR
    }

    private static final int[] ALWAYS_BAD = {0, -1};

    private final Depth depth;
    private int offset;
    private int[] badSources = {};
    private boolean checksum;
    private boolean details;
    private long drops;
    private final long[] reasons = new long[Reason.values().length];

    CheckIpHeader(Depth depth) {
        this.depth = depth;
    }

    @Override
    public String className() {
        return switch (depth) {
            case ALL -> "CheckIPHeader";
            case NO_CHECKSUM -> "CheckIPHeader2";
            case NOTHING -> "MarkIPHeader";
        };
    }

    @Override
    protected String portCount() {
        return depth == Depth.NOTHING ? "1/1" : "1/1-2";
    }

    @Override
    protected String processing() {
        return "a/ah";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("OFFSET", "INTERFACES", "BADSRC", "GOODDST", "CHECKSUM", "VERBOSE", "DETAILS");
    }

    @Override
    protected void configure(Args args) {
        if (depth == Depth.NOTHING) {
            offset = args.optional("OFFSET", Values.integer(0, 0xffff), 0);
            return;
        }
        Set<Integer> bad = new HashSet<>();
        for (int address : ALWAYS_BAD) {
            bad.add(address);
        }
        // Click's two positional forms: an offset, or a list of bad sources and an offset.
        String first = args.optional("BADSRC", text -> text, "");
        if (first.matches("[0-9]+")) {
            offset = args.parse("OFFSET", first, Values.integer(0, 0xffff), 0);
        } else {
            addAddresses(args, "BADSRC", first, bad);
            offset = args.optional("OFFSET", Values.integer(0, 0xffff), 0);
        }
        addBroadcasts(args, bad);
        checksum = args.keyword("CHECKSUM", Values::truth, depth == Depth.ALL);
        args.keyword("VERBOSE", Values::truth, false);
        details = args.keyword("DETAILS", Values::truth, false);
        badSources = bad.stream().mapToInt(Integer::intValue).sorted().toArray();
        readHandler("drops", () -> Long.toString(drops));
        if (details) {
            readHandler("drop_details", this::dropDetails);
        }
    }

    private static void addAddresses(Args args, String keyword, String list, Set<Integer> bad) {
        for (String address : ConfigurationWords.of(list)) {
            bad.add(args.parse(keyword, address, Values::ipAddress, 0));
        }
    }

    /** The broadcast addresses of the router's own networks are no sources. */
    private static void addBroadcasts(Args args, Set<Integer> bad) {
        for (String interfaceText : ConfigurationWords.of(args.keyword("INTERFACES", text -> text, ""))) {
            Values.IpPrefix prefix =
                    args.parse("INTERFACES", interfaceText, Values::ipPrefix, new Values.IpPrefix(0, -1));
            if (prefix.mask() != -1) {
                bad.add(prefix.address() | ~prefix.mask());
                bad.add(prefix.address() & prefix.mask());
            }
        }
    }

    private String dropDetails() {
        StringBuilder text = new StringBuilder();
        for (Reason reason : Reason.values()) {
            text.append(reasons[reason.ordinal()])
                    .append('\t')
                    .append(reason.name().toLowerCase(Locale.ROOT))
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        Reason reason = depth == Depth.NOTHING ? null : check(packet);
        if (reason != null) {
            drops++;
            reasons[reason.ordinal()]++;
            pushOrDrop(1, packet);
            return null;
        }
        if (offset + Ip.HEADER_BYTES <= packet.length()) {
            Annotations.setNetworkHeader(packet, offset);
            Annotations.setDestination(packet, packet.getInt(offset + Ip.DESTINATION));
        }
        return packet;
    }

    private @Nullable Reason check(PacketBuffer packet) {
        int available = packet.length() - offset;
        if (available < Ip.HEADER_BYTES) {
            return Reason.TINY_PACKET;
        }
        int first = packet.getUnsignedByte(offset);
        if (first >>> 4 != 4) {
            return Reason.BAD_VERSION;
        }
        int headerBytes = (first & 15) << 2;
        if (headerBytes < Ip.HEADER_BYTES) {
            return Reason.BAD_HLEN;
        }
        int length = packet.getUnsignedShort(offset + Ip.LENGTH);
        if (length > available || length < headerBytes) {
            return Reason.BAD_IP_LEN;
        }
        if (checksum && packet.internetChecksum(offset, headerBytes) != 0) {
            return Reason.BAD_CHECKSUM;
        }
        if (Arrays.binarySearch(badSources, packet.getInt(offset + Ip.SOURCE)) >= 0) {
            return Reason.BAD_SADDR;
        }
        packet.take(available - length); // link-layer padding
        return null;
    }
}

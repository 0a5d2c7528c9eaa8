package org.dvm.nodeos.click.internal;

import java.util.Set;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.click.Args;
import org.dvm.nodeos.click.ConfigurationWords;
import org.dvm.nodeos.click.Element;
import org.dvm.nodeos.click.Values;
import org.jspecify.annotations.Nullable;

/**
 * IPGWOptions: handles the Record Route and Timestamp options as a router must; packets with broken options go to output
 * 1 with the option's offset noted for an ICMP parameter problem.
 *
 * <p>Source: RFC 791; RFC 1812, 5.2.4.
 */
final class IpGatewayOptions extends Element {
    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int RECORD_ROUTE = 7;
    private static final int TIME_STAMP = 68;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private int address;
    private int[] others = {};
    private long drops;

    @Override
    public String className() {
        return "IPGWOptions";
    }

    @Override
    protected String portCount() {
        return "1/1-2";
    }

    @Override
    protected String processing() {
        return "a/ah";
    }

    @Override
    protected Set<String> keywords() {
        return Set.of("MYADDR", "OTHERADDRS");
    }

    @Override
    protected void configure(Args args) {
        address = args.mandatory("MYADDR", Values::ipAddress, 0);
        others = ConfigurationWords.of(args.optional("OTHERADDRS", text -> text, "")).stream()
                .mapToInt(text -> args.parse("OTHERADDRS", text, Values::ipAddress, 0))
                .toArray();
        readHandler("drops", () -> Long.toString(drops));
    }

    @Override
    protected @Nullable PacketBuffer process(PacketBuffer packet) {
        int ip = Ip.header(packet);
        int headerBytes = ip < 0 ? 0 : Ip.headerBytes(packet, ip);
        if (headerBytes <= Ip.HEADER_BYTES) {
            return packet;
        }
        if (ip + headerBytes > packet.length() || !handle(packet, ip, headerBytes)) {
            drops++;
            pushOrDrop(1, packet);
            return null;
        }
        Ip.setChecksum(packet, ip);
        return packet;
    }

    /** Works on the options and returns whether all are well-formed. */
    private boolean handle(PacketBuffer packet, int ip, int headerBytes) {
        int end = ip + headerBytes;
        int at = ip + Ip.HEADER_BYTES;
        while (at < end) {
            int kind = packet.getUnsignedByte(at);
            if (kind == END) {
                return true;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < end ? packet.getUnsignedByte(at + 1) : 0;
            boolean good = length >= 2 && at + length <= end;
            good = good
                    && (kind == RECORD_ROUTE
                            ? recordRoute(packet, at, length)
                            : kind != TIME_STAMP || recordTime(packet, at, length));
            if (!good) {
                Annotations.setParameterProblem(packet, at - ip);
                return false;
            }
            at += length;
        }
        return true;
    }

    private boolean recordRoute(PacketBuffer packet, int at, int length) {
        int pointer = length < 3 ? 0 : packet.getUnsignedByte(at + 2);
        if (pointer < 4 || pointer % 4 != 0) {
            return false;
        }
        if (pointer + 3 <= length) {
            packet.setInt(at + pointer - 1, address);
            packet.setByte(at + 2, pointer + 4);
            return true;
        }
        return pointer > length;
    }

    private boolean recordTime(PacketBuffer packet, int at, int length) {
        int pointer = length < 4 ? 0 : packet.getUnsignedByte(at + 2);
        if (pointer < 5 || pointer % 4 != 1) {
            return false;
        }
        int flag = packet.getUnsignedByte(at + 3) & 15;
        int overflow = packet.getUnsignedByte(at + 3) >>> 4;
        int need = flag == 0 ? 4 : 8;
        if (pointer + need - 1 > length) {
            if (pointer <= length || overflow == 15) {
                return false;
            }
            packet.setByte(at + 3, (overflow + 1) << 4 | flag);
            return true;
        }
        int stamp = (int) (context().nanoTime() / NANOS_PER_MILLI % MILLIS_PER_DAY);
        int slot = at + pointer - 1;
        switch (flag) {
            case 0:
                packet.setInt(slot, stamp);
                break;
            case 1:
                packet.setInt(slot, address);
                packet.setInt(slot + 4, stamp);
                break;
            case 3:
                if (!isMine(packet.getInt(slot))) {
                    return true;
                }
                packet.setInt(slot + 4, stamp);
                break;
            default:
                return false;
        }
        packet.setByte(at + 2, pointer + need);
        return true;
    }

    private boolean isMine(int candidate) {
        for (int other : others) {
            if (other == candidate) {
                return true;
            }
        }
        return candidate == address;
    }
}

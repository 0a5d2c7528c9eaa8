package org.dvm.nodeos;

import java.nio.ByteBuffer;
import java.util.List;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.MacAddress;

/** Packets and links for tests. */
final class Packets {
    static final MacAddress NODE_MAC = MacAddress.parse("02:00:00:00:00:01");
    static final MacAddress PEER_MAC = MacAddress.parse("02:00:00:00:00:02");
    static final long FAST = 1_250_000;

    private Packets() {}

    static LinkDescription link(String name, MacAddress mac, long bytesPerMilli) {
        return new LinkDescription(name, 0, mac, 1500, List.of(), bytesPerMilli);
    }

    static byte[] udp(String from, int fromPort, String to, int toPort, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(42 + payload.length);
        frame.put(NODE_MAC.toBytes()).put(PEER_MAC.toBytes()).putShort((short) 0x0800);
        ip(frame, from, to, 17, 8 + payload.length);
        frame.putShort((short) fromPort).putShort((short) toPort);
        frame.putShort((short) (8 + payload.length)).putShort((short) 0);
        frame.put(payload);
        return frame.array();
    }

    private static void ip(ByteBuffer frame, String from, String to, int protocol, int bytes) {
        frame.putShort((short) 0x4500).putShort((short) (20 + bytes));
        frame.putInt(0);
        frame.put((byte) 64).put((byte) protocol).putShort((short) 0);
        frame.putInt(Endpoint.parseAddress(from)).putInt(Endpoint.parseAddress(to));
        frame.putShort(24, (short) checksum(frame.array(), 14, 20));
    }

    static int checksum(byte[] bytes, int at, int count) {
        return InternetChecksum.complement(InternetChecksum.sum(ByteBuffer.wrap(bytes), at, count));
    }

    static byte[] payload(int length, int mark) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (mark + i);
        }
        return payload;
    }
}

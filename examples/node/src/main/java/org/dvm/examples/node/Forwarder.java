package org.dvm.examples.node;

import org.dvm.nodeos.Domain;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.InternetChecksum;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.PacketBuffer;

/** Routes IP packets from one interface to another: {@code Forwarder eth0 eth1 02:00:00:00:00:02}. */
public final class Forwarder {
    private static final int TTL = 8; // shares a word with the protocol
    private static final int CHECKSUM = 10;

    private Forwarder() {}

    /** Runs until it is interrupted; the arguments are input, output and the next hop's address. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Node node = Node.builder().build()) {
            node.open(arguments[0]);
            node.open(arguments[1]);
            forward(node.root(), arguments[0], arguments[1], arguments[2], 1000);
            Thread.currentThread().join();
        }
    }

    static void forward(Domain domain, String from, String to, String nextHop, long bytesPerMilli) {
        InputChannel in = domain.openInput(InputSpec.of(from + "/eth", "type=0800"));
        OutputChannel out = domain.openOutput(OutputSpec.of(to + "/eth", "mac=" + nextHop, bytesPerMilli));
        domain.mainThreads().serve(in, (packets, count) -> {
            for (int i = 0; i < count; i++) {
                if (isAlive(packets[i])) {
                    out.send(packets[i]);
                } else {
                    packets[i].release();
                }
            }
        });
    }

    private static boolean isAlive(PacketBuffer packet) {
        int before = packet.length() < 20 ? 0 : packet.getUnsignedShort(TTL);
        if (before >>> 8 <= 1) {
            return false;
        }
        packet.setShort(TTL, before - 0x100);
        packet.setShort(CHECKSUM, InternetChecksum.update(packet.getUnsignedShort(CHECKSUM), before, before - 0x100));
        return true;
    }
}

package org.dvm.jmh.forwarding;

import org.dvm.nodeos.Authority;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainSpec;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.InternetChecksum;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.ResourceSpec;
import org.dvm.nodeos.ThreadPool;
import org.dvm.nodeos.ThreadSpec;
import org.dvm.nodeos.lab.Processor;

/** A Java application in a domain of a node: receives packets, rewrites their IP headers, sends them. */
final class DomainForwarder implements Forwarder {
    static final int FRAMES = 8192;

    private static final String NAME = "forwarder";
    private static final long PAGES = 8192;

    private static final int BATCH = 256;
    private static final int BUFFERS = 1024;
    private static final long WAIT_NANOS = 20_000_000;

    /** Eight bytes of the IP header: time to live, protocol, checksum (2), source (4). */
    private static final int TTL_TO_SOURCE = 8;

    @Override
    public String name() {
        return "Java application in a domain";
    }

    @Override
    public Running start(Testbed testbed) {
        Node node = open(testbed);
        try {
            Domain domain = node.root()
                    .create(new DomainSpec(
                            NAME,
                            new ResourceSpec(
                                    PAGES, 1_000_000_000, testbed.output().capacityBytesPerMilli(), 0),
                            Authority.FULL,
                            DomainSpec.Pooling.OWN));
            InputChannel in =
                    domain.openInput(InputSpec.of("if0/eth", "type=0800").withBuffers(BUFFERS));
            OutputChannel out = domain.openOutput(OutputSpec.of(
                            "if1/eth",
                            "mac=" + testbed.nextHop().mac(),
                            testbed.output().capacityBytesPerMilli())
                    .withQueue(BUFFERS));
            ThreadPool threads = domain.openThreads(new ThreadSpec(NAME, 1, 0));
            threads.start(() -> forward(in, out));
            return node::close;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    static Node open(Testbed testbed) {
        return testbed.node().call(() -> {
            Node node = Node.builder().frames(FRAMES).build();
            try {
                node.open(testbed.input().name());
                node.open(testbed.output().name());
                return node;
            } catch (RuntimeException e) {
                node.close();
                throw e;
            }
        });
    }

    private static void forward(InputChannel in, OutputChannel out) {
        Processor.pin(Testbed.FORWARDER_PROCESSOR);
        PacketBuffer[] packets = new PacketBuffer[BATCH];
        while (true) { // until the node closes: then the next call throws
            int count = in.receive(packets, WAIT_NANOS);
            int routed = 0;
            for (int i = 0; i < count; i++) {
                PacketBuffer packet = packets[i];
                if (route(packet)) {
                    packets[routed++] = packet;
                } else {
                    packet.release();
                }
            }
            out.send(packets, 0, routed);
        }
    }

    /** Does a router's work on the header; returns false for a packet to be dropped. */
    private static boolean route(PacketBuffer packet) {
        long before = packet.getLong(TTL_TO_SOURCE);
        if (before >>> 56 <= 1) {
            return false;
        }
        int ttl = (int) (before >>> 48);
        int checksum = InternetChecksum.update((int) (before >>> 32) & 0xffff, ttl, ttl - 0x100);
        packet.setLong(TTL_TO_SOURCE, ((ttl - 0x100L) << 16 | checksum) << 32 | before & 0xffff_ffffL);
        return true;
    }
}

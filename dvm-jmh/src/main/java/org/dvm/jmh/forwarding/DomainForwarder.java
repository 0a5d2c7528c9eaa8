package org.dvm.jmh.forwarding;

import org.dvm.nodeos.Domain;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.InternetChecksum;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.ThreadPool;
import org.dvm.nodeos.ThreadSpec;
import org.dvm.nodeos.lab.Processor;

/** A Java application in a domain of a node: receives packets, rewrites their IP headers, sends them. */
final class DomainForwarder implements Forwarder {
    static final int FRAMES = 8192;

    private static final int BATCH = 64;
    private static final int BUFFERS = 512;
    private static final long WAIT_NANOS = 20_000_000;
    private static final int IP_TTL = 8;
    private static final int IP_CHECKSUM = 10;

    @Override
    public String name() {
        return "Java application in a domain";
    }

    @Override
    public Running start(Testbed testbed) {
        Node node = open(testbed);
        try {
            Domain domain = node.root();
            InputChannel in = domain.openInput(InputSpec.of("if0/eth", "*").withBuffers(BUFFERS));
            OutputChannel out = domain.openOutput(OutputSpec.of(
                            "if1/eth",
                            "mac=" + testbed.nextHop().mac(),
                            testbed.output().capacityBytesPerMilli())
                    .withQueue(BUFFERS));
            ThreadPool threads = domain.openThreads(new ThreadSpec("forwarder", 1, 0));
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
            for (int i = 0; i < count; i++) {
                route(packets[i]);
            }
            out.send(packets, 0, count);
        }
    }

    private static void route(PacketBuffer packet) {
        int before = packet.getUnsignedShort(IP_TTL);
        int after = before - 0x100;
        packet.setShort(IP_TTL, after);
        packet.setShort(IP_CHECKSUM, InternetChecksum.update(packet.getUnsignedShort(IP_CHECKSUM), before, after));
    }
}

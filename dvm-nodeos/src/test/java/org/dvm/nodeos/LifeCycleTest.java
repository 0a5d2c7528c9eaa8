package org.dvm.nodeos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameGenerator;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.CutThroughPlan.Forwarding;
import org.dvm.nodeos.link.FrameMemory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Domains that come and go in full traffic, over real drivers: nothing of them may stay. */
class LifeCycleTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int WARM_UP = 5;
    private static final int NODE_ADDRESS = 0x0a000001;
    private static final int SOURCE_ADDRESS = 0x0a000002;
    private static final int PORT = 7;
    private static final int PROCESSOR = 0;
    private static final long BANDWIDTH = 1000;
    private static final ResourceSpec SOME = new ResourceSpec(4000, 100_000_000, 2 * BANDWIDTH, 0);
    private static final Authority ROUTER =
            new Authority(Set.of(Authority.Right.RECEIVE_ANY, Authority.Right.SEND_AS_ANY), List.of(Endpoint.ANY));

    /** What a domain could leave behind. */
    private record Holdings(
            int freeFrames, Map<String, Integer> descriptors, long threads, ResourceSpec resources, long pages) {}

    @Test
    @Timeout(60)
    void aFewDomainsLeaveNothingBehind() throws Exception {
        createAndDestroy(20);
    }

    @Test
    @Tag("slow")
    @Timeout(1200)
    void aThousandDomainsLeaveNothingBehind() throws Exception {
        createAndDestroy(1000);
    }

    private static void createAndDestroy(int cycles) throws Exception {
        String obstacle = NetworkNamespace.obstacle();
        assumeTrue(obstacle.isEmpty(), "no network laboratory here: " + obstacle);
        FrameMemory memory = FrameMemory.allocate(8192, 2048);
        try (NetworkNamespace source = NetworkNamespace.create("source");
                NetworkNamespace here = NetworkNamespace.create("node");
                NetworkNamespace there = NetworkNamespace.create("sink")) {
            Cable before = Cable.lay(source, "src0", here, "if0");
            Cable after = Cable.lay(here, "if1", there, "snk0");
            byte[] frame =
                    UdpFrames.make(before.right().mac(), before.left().mac(), SOURCE_ADDRESS, NODE_ADDRESS, PORT, 60);
            String nextHop = after.right().mac().toString();
            try (FrameGenerator generator = FrameGenerator.on(source, before.left(), frame);
                    Node node = here.call(() -> open(memory))) {
                generator.start(PROCESSOR);
                for (int i = 0; i < WARM_UP; i++) {
                    liveAndDie(node, here, nextHop, i);
                }
                Holdings first = holdings(node, memory);
                for (int i = 0; i < cycles; i++) {
                    liveAndDie(node, here, nextHop, i);
                }
                assertThat(holdings(node, memory)).isEqualTo(first);
            }
        }
    }

    private static Node open(FrameMemory memory) {
        Node node = Node.builder().memory(memory).build();
        node.open("if0");
        node.open("if1");
        return node;
    }

    /** One domain: it forwards by its own code or cuts through in the kernel, keeps some packets, and ends in between. */
    private static void liveAndDie(Node node, NetworkNamespace here, String nextHop, int cycle) {
        Domain domain = node.root().create(DomainSpec.of("mortal", SOME, ROUTER));
        if (cycle % 4 == 3) {
            here.run(() -> domain.openCutThrough(new CutThroughSpec(
                    InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:" + PORT),
                    OutputSpec.of("if1/eth", "mac=" + nextHop, BANDWIDTH),
                    Forwarding.ROUTE,
                    CutThroughSpec.Policing.DROP_EXCESS)));
        } else {
            InputChannel in = domain.openInput(InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:" + PORT));
            OutputChannel out = domain.openOutput(
                    OutputSpec.of("if1/eth/ip/udp", "local=10.0.0.1:7,remote=10.0.1.2:9,mac=" + nextHop, BANDWIDTH));
            domain.mainThreads().serve(in, (packets, count) -> out.send(packets, 0, count / 2)); // the rest is kept
        }
        domain.destroy();
    }

    private static Holdings holdings(Node node, FrameMemory memory) throws IOException, InterruptedException {
        Holdings last = take(node, memory);
        for (int attempt = 0; attempt < 100; attempt++) { // frames in transmission come home after a moment
            Thread.sleep(20);
            Holdings now = take(node, memory);
            if (now.equals(last)) {
                return now;
            }
            last = now;
        }
        return last;
    }

    private static Holdings take(Node node, FrameMemory memory) throws IOException {
        Map<String, Integer> descriptors = new TreeMap<>();
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            for (Path descriptor : (Iterable<Path>) all::iterator) {
                descriptors.merge(kindOf(descriptor), 1, Integer::sum);
            }
        }
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("root/"))
                .count();
        return new Holdings(
                memory.freeFrames(),
                descriptors,
                threads,
                node.root().available(),
                node.root().memoryPool().usedPages());
    }

    /** Returns what a descriptor is: a socket, a BPF map, program or link, a file. */
    private static String kindOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().replaceAll(":\\[\\d+]|/.*", "");
        } catch (IOException e) {
            return ""; // that of the listing itself, or of a class file read meanwhile
        }
    }
}

package org.dvm.jmh.shares;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.dvm.nodeos.Authority;
import org.dvm.nodeos.BufferPool;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainSpec;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.ResourceSpec;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameSink;
import org.dvm.nodeos.lab.NetworkNamespace;

/**
 * Measures what a domain loses to a neighbour that misbehaves, over real drivers: both get the same stream of packets by
 * the same link and send by the same link, and the good one's rate is compared with its rate when the neighbour is quiet.
 */
public final class IsolationBenchmark {
    private static final int FINE = 0;
    private static final int SHORT = 1;

    private static final double LEAST = 0.95;
    private static final int GOOD_PORT = 1;
    private static final int BAD_PORT = 2;
    private static final int PAYLOAD_BYTES = 18;
    private static final int FRAME_BYTES = 60;
    private static final long STREAM_BYTES_PER_MILLI = 20 * FRAME_BYTES; // 20,000 packets a second
    private static final long BANDWIDTH = 10_000;
    private static final long CPU_NANOS_PER_SECOND = 500_000_000;
    private static final int PAGES = 4000;
    private static final int BUFFERS = 512;
    private static final int BATCH = 64;
    private static final long PAUSE_NANOS = 200_000;
    private static final long SETTLE_MILLIS = 300;

    /** What the neighbour does. */
    private enum Neighbour {
        QUIET("handles its packets"),
        HOARDER("never returns a buffer"),
        LOOPER("never returns from its handler"),
        FLOODER("sends as fast as it can"),
        MORTAL("is destroyed and created all the time");

        private final String does;

        Neighbour(String does) {
            this.does = does;
        }
    }

    private final int rounds;
    private final PrintStream out;

    private IsolationBenchmark(int rounds, PrintStream out) {
        this.rounds = rounds;
        this.out = out;
    }

    /**
     * Runs the benchmark from a command line and ends the JVM: 0 if the good domain kept its rate, 1 if not, 2 if it can't
     * run.
     *
     * @param arguments {@code [ROUNDS]}, 5 if absent; a round is a second for each kind of neighbour
     * @throws Exception if a domain fails
     */
    public static void main(String[] arguments) throws Exception {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) throws Exception {
        int rounds = Arguments.number("isolation", "ROUNDS", arguments, 5, err);
        return rounds == 0 ? Arguments.UNUSABLE : new IsolationBenchmark(rounds, out).measure();
    }

    private int measure() throws Exception {
        try (NetworkNamespace source = NetworkNamespace.create("source");
                NetworkNamespace here = NetworkNamespace.create("node");
                NetworkNamespace there = NetworkNamespace.create("sink")) {
            Cable before = Cable.lay(source, "src0", here, "if0");
            Cable after = Cable.lay(here, "if1", there, "snk0");
            try (FrameSink sink = FrameSink.on(there, after.right());
                    Node generator = source.call(() -> open("src0"));
                    Node node = here.call(() -> open("if0", "if1"))) {
                for (int port = GOOD_PORT; port <= BAD_PORT; port++) {
                    stream(generator, port, before.right().mac().toString());
                }
                int result = measure(node, after.right().mac().toString());
                out.println("the receiver has counted " + sink.count().frames() + " packets");
                return result;
            }
        }
    }

    private static Node open(String... links) {
        Node node = Node.builder().frames(8192).build();
        for (String link : links) {
            node.open(link, link.equals("src0") ? 2 * STREAM_BYTES_PER_MILLI : 0);
        }
        return node;
    }

    /** Sends packets to a port of the node for ever; the link's pace gives each stream half. */
    private static void stream(Node generator, int port, String nextHop) {
        OutputChannel channel = generator
                .root()
                .openOutput(OutputSpec.of(
                        "src0/eth/ip/udp",
                        "local=10.0.0.2:7,remote=10.0.0.1:" + port + ",mac=" + nextHop,
                        STREAM_BYTES_PER_MILLI));
        BufferPool buffers = generator.root().allotBuffers(BUFFERS);
        generator.root().mainThreads().start(() -> flood(channel, buffers));
    }

    private static void flood(OutputChannel channel, BufferPool buffers) {
        while (true) { // until the domain is destroyed: then the next call throws
            PacketBuffer packet = channel.queueRoom() == 0 ? null : buffers.take();
            if (packet == null) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            packet.put(PAYLOAD_BYTES);
            channel.send(packet);
        }
    }

    private int measure(Node node, String nextHop) throws InterruptedException {
        OutputChannel good = forwarder(create(node, "good", GOOD_PORT), GOOD_PORT, nextHop);
        List<List<Double>> ratios = new ArrayList<>();
        for (int i = 0; i < Neighbour.values().length; i++) {
            ratios.add(new ArrayList<>());
        }
        for (int round = 0; round < rounds; round++) {
            double quiet = rate(node, nextHop, good, Neighbour.QUIET);
            for (Neighbour neighbour : Neighbour.values()) {
                double rate = neighbour == Neighbour.QUIET ? quiet : rate(node, nextHop, good, neighbour);
                ratios.get(neighbour.ordinal()).add(rate / quiet);
                out.printf(Locale.ROOT, " %.0f", rate);
            }
            out.println();
        }
        boolean kept = true;
        for (Neighbour neighbour : Neighbour.values()) {
            List<Double> sorted =
                    ratios.get(neighbour.ordinal()).stream().sorted().toList();
            double median = sorted.get(sorted.size() / 2);
            kept &= median >= LEAST;
            out.printf(
                    Locale.ROOT,
                    "a neighbour that %-38s leaves %.3f of the rate (%.3f - %.3f)%n",
                    neighbour.does,
                    median,
                    sorted.get(0),
                    sorted.get(sorted.size() - 1));
        }
        return kept ? FINE : SHORT;
    }

    private static Domain create(Node node, String name, int port) {
        return node.root()
                .create(DomainSpec.of(
                        name,
                        new ResourceSpec(PAGES, CPU_NANOS_PER_SECOND, BANDWIDTH, 0),
                        Authority.over("10.0.0.1:" + port)));
    }

    private static InputChannel input(Domain domain, int port) {
        return domain.openInput(
                InputSpec.of("if0/eth/ip/udp", "local=10.0.0.1:" + port).withBuffers(BUFFERS));
    }

    private static OutputChannel output(Domain domain, int port, String nextHop) {
        return domain.openOutput(OutputSpec.of(
                "if1/eth/ip/udp", "local=10.0.0.1:" + port + ",remote=10.0.1.2:9,mac=" + nextHop, BANDWIDTH));
    }

    private static OutputChannel forwarder(Domain domain, int port, String nextHop) {
        InputChannel in = input(domain, port);
        OutputChannel channel = output(domain, port, nextHop);
        domain.mainThreads().serve(in, (packets, count) -> channel.send(packets, 0, count));
        return channel;
    }

    /** Returns the packets a second that the good domain sends beside a neighbour. */
    private static double rate(Node node, String nextHop, OutputChannel good, Neighbour neighbour)
            throws InterruptedException {
        Domain bad = create(node, "bad", BAD_PORT);
        start(bad, nextHop, neighbour);
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        long begin = System.nanoTime();
        long first = good.packets();
        long left = TimeUnit.SECONDS.toNanos(1);
        while (left > 0) {
            if (neighbour == Neighbour.MORTAL) {
                bad.destroy();
                bad = create(node, "bad", BAD_PORT);
                start(bad, nextHop, neighbour);
            } else {
                LockSupport.parkNanos(left);
            }
            left = TimeUnit.SECONDS.toNanos(1) - (System.nanoTime() - begin);
        }
        double rate = (good.packets() - first) * 1e9 / (System.nanoTime() - begin);
        bad.destroy();
        return rate;
    }

    private static void start(Domain bad, String nextHop, Neighbour neighbour) {
        switch (neighbour) {
            case QUIET, MORTAL -> forwarder(bad, BAD_PORT, nextHop);
            case HOARDER -> {
                InputChannel in = input(bad, BAD_PORT);
                bad.mainThreads().start(() -> hoard(in));
            }
            case LOOPER -> {
                InputChannel in = input(bad, BAD_PORT);
                bad.mainThreads().serve(in, (packets, count) -> loop());
            }
            case FLOODER -> {
                input(bad, BAD_PORT);
                OutputChannel channel = output(bad, BAD_PORT, nextHop);
                BufferPool buffers = bad.allotBuffers(BUFFERS);
                bad.mainThreads().start(() -> flood(channel, buffers));
            }
        }
    }

    private static void hoard(InputChannel in) {
        List<PacketBuffer> kept = new ArrayList<>();
        PacketBuffer[] packets = new PacketBuffer[BATCH];
        while (true) { // until the domain is destroyed
            int count = in.receive(packets, PAUSE_NANOS);
            for (int i = 0; i < count; i++) {
                kept.add(packets[i]);
            }
        }
    }

    /** Heeds the interrupt, so that the benchmark has an end; until then it calls nobody. */
    private static void loop() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }
}

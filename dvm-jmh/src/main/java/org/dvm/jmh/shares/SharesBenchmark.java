package org.dvm.jmh.shares;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.dvm.nodeos.Authority;
import org.dvm.nodeos.BufferPool;
import org.dvm.nodeos.Domain;
import org.dvm.nodeos.DomainSpec;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.ResourceSpec;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameSink;
import org.dvm.nodeos.lab.NetworkNamespace;

/**
 * Measures how exactly shares are kept: of a saturated link among three domains that send all they can, and of a processor
 * among three domains that compute all they can, in proportion 1:2:3; then with the third one idle.
 */
public final class SharesBenchmark {
    private static final int FINE = 0;
    private static final int SHORT = 1;

    private static final double LINK_TOLERANCE = 0.003;
    private static final double CPU_TOLERANCE = 0.01;
    private static final int PACKET_BYTES = 1024;
    private static final int UDP_IP_ETHERNET_BYTES = 42;
    private static final long LINK_BYTES_PER_MILLI = 12_500; // 100 Mb/s
    private static final long PART_BYTES_PER_MILLI = 2_000;
    private static final long PART_CPU_NANOS = 100_000_000;
    private static final int PAGES = 4000;
    private static final int QUEUE = 1024;
    private static final int BUFFERS = 2048;
    private static final long PAUSE_NANOS = 500_000;
    private static final long SETTLE_MILLIS = 500;

    private final int seconds;
    private final PrintStream out;

    private SharesBenchmark(int seconds, PrintStream out) {
        this.seconds = seconds;
        this.out = out;
    }

    /**
     * Runs the benchmark from a command line and ends the JVM: 0 if all shares were kept, 1 if one wasn't, 2 if it can't run.
     *
     * @param arguments {@code [SECONDS]}, 10 if absent: how long each table is measured
     * @throws Exception if a domain fails
     */
    public static void main(String[] arguments) throws Exception {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) throws Exception {
        int seconds = Arguments.number("shares", "SECONDS", arguments, 10, err);
        if (seconds == 0) {
            return Arguments.UNUSABLE;
        }
        SharesBenchmark benchmark = new SharesBenchmark(seconds, out);
        boolean link = benchmark.link();
        boolean cpu = benchmark.cpu();
        return link && cpu ? FINE : SHORT;
    }

    /** A domain at work: what it is promised and what it has got so far. */
    private record Tenant(Domain domain, long part, LongSupplier got) {}

    private boolean link() throws Exception {
        try (NetworkNamespace here = NetworkNamespace.create("node");
                NetworkNamespace there = NetworkNamespace.create("sink")) {
            Cable cable = Cable.lay(here, "if0", there, "snk0");
            try (FrameSink sink = FrameSink.on(there, cable.right());
                    Node node = here.call(() -> openNode(cable))) {
                List<Tenant> senders = new ArrayList<>();
                for (int part = 1; part <= 3; part++) {
                    senders.add(sender(node, part, cable.right().mac().toString()));
                }
                long before = sink.count().bytes();
                boolean kept = table("link of 100 Mb/s, packets of 1024 bytes", senders, LINK_TOLERANCE);
                long mebibytes = sink.count().bytes() - before >> 20;
                out.println("the receiver has counted " + mebibytes + " MiB");
                return kept;
            }
        }
    }

    private static Node openNode(Cable cable) {
        Node node = Node.builder().frames(8192).build();
        node.open(cable.left().name(), LINK_BYTES_PER_MILLI);
        return node;
    }

    private static Tenant sender(Node node, int part, String nextHop) {
        long bandwidth = part * PART_BYTES_PER_MILLI;
        String endpoint = "10.0.0." + part + ":9";
        Domain domain = node.root()
                .create(DomainSpec.of(
                        "sender" + part,
                        new ResourceSpec(PAGES, PART_CPU_NANOS, bandwidth, 0),
                        Authority.over(endpoint)));
        OutputChannel channel = domain.openOutput(
                OutputSpec.of("if0/eth/ip/udp", "local=" + endpoint + ",remote=10.0.1.1:9,mac=" + nextHop, bandwidth)
                        .withQueue(QUEUE));
        BufferPool buffers = domain.allotBuffers(BUFFERS);
        domain.mainThreads().start(() -> flood(channel, buffers));
        return new Tenant(domain, part, channel::bytes);
    }

    private static void flood(OutputChannel channel, BufferPool buffers) {
        while (true) { // until the domain is destroyed: then the next call throws
            PacketBuffer packet = channel.queueRoom() == 0 ? null : buffers.take();
            if (packet == null) {
                LockSupport.parkNanos(PAUSE_NANOS);
                continue;
            }
            packet.put(PACKET_BYTES - UDP_IP_ETHERNET_BYTES);
            channel.send(packet);
        }
    }

    private boolean cpu() throws InterruptedException {
        try (Node node = Node.builder().processors(1).build()) {
            List<Tenant> workers = new ArrayList<>();
            for (int part = 1; part <= 3; part++) {
                Domain domain = node.root()
                        .create(DomainSpec.of(
                                "worker" + part, new ResourceSpec(PAGES, part * PART_CPU_NANOS, 0, 0), Authority.NONE));
                domain.mainThreads().start(() -> {
                    while (true) { // until the domain is destroyed
                        domain.checkpoint();
                    }
                });
                workers.add(new Tenant(domain, part, domain.mainThreads()::cpuNanos));
            }
            return table("one processor", workers, CPU_TOLERANCE);
        }
    }

    private boolean table(String what, List<Tenant> tenants, double tolerance) throws InterruptedException {
        out.println();
        out.println(what);
        boolean kept = measure(tenants, tolerance);
        out.println("the third one is gone");
        tenants.get(2).domain().destroy();
        return measure(tenants.subList(0, 2), tolerance) && kept;
    }

    private boolean measure(List<Tenant> tenants, double tolerance) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        long[] got =
                tenants.stream().mapToLong(tenant -> tenant.got().getAsLong()).toArray();
        TimeUnit.SECONDS.sleep(seconds);
        long sum = 0;
        long parts = 0;
        for (int i = 0; i < got.length; i++) {
            got[i] = tenants.get(i).got().getAsLong() - got[i];
            sum += got[i];
            parts += tenants.get(i).part();
        }
        boolean kept = true;
        for (int i = 0; i < got.length; i++) {
            double wanted = (double) tenants.get(i).part() / parts;
            double share = (double) got[i] / sum;
            double error = share / wanted - 1;
            boolean close = Math.abs(error) <= tolerance;
            kept &= close;
            out.printf(
                    Locale.ROOT,
                    "  %-10s share %.4f  wanted %.4f  off by %+.2f %%%s%n",
                    tenants.get(i).domain().name(),
                    share,
                    wanted,
                    100 * error,
                    close ? "" : "  (more than " + 100 * tolerance + " %)");
        }
        return kept;
    }
}

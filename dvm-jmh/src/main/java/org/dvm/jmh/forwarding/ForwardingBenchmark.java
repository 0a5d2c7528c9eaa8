package org.dvm.jmh.forwarding;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dvm.jmh.forwarding.CutThroughForwarder.Work;
import org.dvm.nodeos.lab.FrameGenerator;
import org.dvm.nodeos.lab.NetworkNamespace;

/**
 * Measures frames a second through every back end and its peers, and prints them with the ratios that matter.
 *
 * <p>All forwarders stand ready, each in namespaces of its own, and take turns of a twentieth of a second, so that a slow
 * second of the machine hits all of them; a ratio is the median over pairs of neighbouring turns. Turns count if both
 * processors ran at full speed (see {@link SpeedGauge}), unless that is rare. The namespaces it makes belong to this process
 * and are gone when it ends, however it ends.
 */
public final class ForwardingBenchmark {
    /** Exit code: all ratios reached. */
    public static final int FINE = 0;

    /** Exit code: a ratio fell short. */
    public static final int SHORT = 1;

    /** Exit code: bad usage, or the machine doesn't allow it. */
    public static final int UNUSABLE = 2;

    /** How long a JVM forwards before it has compiled what it runs, on two processors that have no time for compiling. */
    private static final int WARM_UP_MILLIS = 1200;

    /** Several times, in turn: nothing should be compiled for the sake of one forwarder alone. */
    private static final int WARM_UP_TURNS = 4;

    private static final long SLICE_MILLIS = 50;

    /** Until a slice counts: the forwarder has been asleep and the caches are somebody else's. */
    private static final long SETTLE_MILLIS = 10;

    /** Which part of a processor other programs may have. */
    private static final double OTHERS_AT_MOST = 0.05;

    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private static final String REDIRECT = "C XDP_REDIRECT in the kernel";
    private static final String C_CUT = "C XDP cut-through, counting";
    private static final String C_XDP = "C AF_XDP";
    private static final String C_TX_RING = "C TPACKET_V3 + TX ring";
    private static final String C_SENDTO = "C recvfrom/sendto";

    /** One line of the promise. */
    private record Goal(String path, String against, double least) {}

    private final int rounds;
    private final int slicesPerRound;
    private final List<String> only;
    private final PrintStream out;
    private final List<Goal> goals;

    private ForwardingBenchmark(int rounds, long millis, List<String> only, PrintStream out) {
        this.rounds = rounds;
        this.slicesPerRound = (int) Math.max(1, millis / SLICE_MILLIS);
        this.only = only;
        this.out = out;
        String bare = new CutThroughForwarder(Work.NONE).name();
        String policed = new CutThroughForwarder(Work.ROUTE_AND_POLICE).name();
        String java = new DomainForwarder().name();
        String click = new ClickForwarder().name();
        goals = List.of(
                new Goal(policed, REDIRECT, 0.88),
                new Goal(bare, C_CUT, 0.97),
                new Goal(java, C_XDP, 0.95),
                new Goal(java, C_TX_RING, 1.55),
                new Goal(java, C_SENDTO, 2.2),
                new Goal(click, java, 0.8),
                new Goal(java, "pcap4j", 2.5));
    }

    /**
     * Runs the benchmark from a command line and ends the JVM with what {@link #run} returns.
     *
     * @param arguments {@code [--rounds N] [--millis N] [--only TEXT,...]}
     * @throws Exception if a forwarder fails
     */
    public static void main(String[] arguments) throws Exception {
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "warn"); // nodes come and go between the rounds
        }
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments {@code --rounds N}, 9 if absent; {@code --millis N}, measured time of a forwarder in a round, 500
     *     if absent; {@code --only TEXT,...}, to leave out forwarders whose name contains none of the texts
     * @param out takes the report
     * @param err takes what is wrong with the arguments or the machine
     * @return {@link #FINE}, {@link #SHORT} or {@link #UNUSABLE}
     * @throws Exception if a forwarder fails
     */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) throws Exception {
        int rounds = 9;
        int millis = 500;
        List<String> only = List.of("");
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            int value = i + 1 < arguments.size() ? positive(arguments.get(i + 1)) : 0;
            if (option.equals("--rounds") && value > 0) {
                rounds = value;
            } else if (option.equals("--millis") && value > 0) {
                millis = value;
            } else if (option.equals("--only") && i + 1 < arguments.size()) {
                only = List.of(arguments.get(i + 1).split(",", -1));
            } else {
                err.println("forwarding: not understood: " + option
                        + "; usage: [--rounds N] [--millis N] [--only TEXT,...]");
                return UNUSABLE;
            }
        }
        String obstacle = NetworkNamespace.obstacle();
        if (!obstacle.isEmpty()) {
            err.println("forwarding: namespaces can't be made here: " + obstacle);
            return UNUSABLE;
        }
        if (Runtime.getRuntime().availableProcessors() < 2) {
            err.println("forwarding: needs two processors, one for the generator and one for the forwarder");
            return UNUSABLE;
        }
        return new ForwardingBenchmark(rounds, millis, only, out).measure();
    }

    private static int positive(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private int measure() throws Exception {
        try (PeerForwarder.Programs programs = PeerForwarder.Programs.compile();
                Lanes lanes = new Lanes()) {
            for (Forwarder forwarder : forwarders(programs)) {
                if (only.stream().noneMatch(forwarder.name()::contains)) {
                    continue;
                }
                String obstacle = forwarder.obstacle();
                if (obstacle.isEmpty()) {
                    lanes.add(forwarder, slicesPerRound);
                } else {
                    out.println("left out: " + forwarder.name() + ": " + obstacle);
                }
            }
            if (lanes.all.isEmpty()) {
                out.println("no forwarder is left");
                return UNUSABLE;
            }
            ProcessorTime processorTime = ProcessorTime.now();
            long begin = System.nanoTime();
            try (SpeedGauge speed = new SpeedGauge(Testbed.GENERATOR_PROCESSOR, Testbed.FORWARDER_PROCESSOR);
                    FrameGenerator generator = lanes.all.get(0).testbed.generator(lanes.source)) {
                generator.start(Testbed.GENERATOR_PROCESSOR);
                warmUp(lanes.all, generator, speed);
                for (int round = 1; round <= rounds; round++) {
                    measureRound(round, lanes.all, generator, speed);
                }
            }
            double others = ProcessorTime.now().othersSince(processorTime, System.nanoTime() - begin);
            return report(lanes.all, others);
        }
    }

    private static void warmUp(List<Lane> lanes, FrameGenerator generator, SpeedGauge speed)
            throws InterruptedException {
        for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
            for (Lane lane : lanes) {
                if (lane.forwarder.isCompiledWhileItRuns()) {
                    lane.testbed.measure(generator, WARM_UP_MILLIS, 1, speed);
                }
            }
        }
    }

    private void measureRound(int round, List<Lane> lanes, FrameGenerator generator, SpeedGauge speed)
            throws InterruptedException {
        for (int slice = 0; slice < slicesPerRound; slice++) {
            for (Lane lane : lanes) {
                lane.series.add(lane.testbed.measure(generator, SETTLE_MILLIS, SLICE_MILLIS, speed));
            }
        }
        out.print("round " + round + " of " + rounds + ":");
        for (Lane lane : lanes) {
            out.printf(Locale.ROOT, " %.0f", lane.series.latest() / 1000);
        }
        out.println();
    }

    /** A forwarder at work in namespaces of its own. */
    private record Lane(Forwarder forwarder, Testbed testbed, Forwarder.Running running, Series series) {
        void close() throws IOException {
            try {
                running.close();
            } catch (Exception e) {
                throw new IOException(forwarder.name() + " doesn't end", e);
            } finally {
                testbed.close();
            }
        }
    }

    /** All forwarders, and where their frames come from. */
    private static final class Lanes implements AutoCloseable {
        private final NetworkNamespace source = NetworkNamespace.create("source");
        private final List<Lane> all = new ArrayList<>();

        void add(Forwarder forwarder, int slicesPerRound) throws Exception {
            Testbed testbed = new Testbed(source, all.size());
            boolean started = false;
            try {
                all.add(new Lane(forwarder, testbed, forwarder.start(testbed), new Series(slicesPerRound)));
                started = true;
            } finally {
                if (!started) {
                    testbed.close();
                }
            }
        }

        @Override
        public void close() throws IOException {
            try {
                for (Lane lane : all) {
                    lane.close();
                }
            } finally {
                source.close();
            }
        }
    }

    private static List<Forwarder> forwarders(PeerForwarder.Programs programs) {
        List<Forwarder> forwarders = new ArrayList<>();
        forwarders.add(new PeerForwarder(programs, "redirect", REDIRECT));
        forwarders.add(new PeerForwarder(programs, "cut", C_CUT));
        forwarders.add(new CutThroughForwarder(Work.NONE));
        forwarders.add(new CutThroughForwarder(Work.ROUTE_AND_POLICE));
        forwarders.add(new PeerForwarder(programs, "xsk", C_XDP));
        forwarders.add(new DriverForwarder("af_xdp"));
        forwarders.add(new DomainForwarder());
        forwarders.add(new ClickForwarder());
        forwarders.add(new PeerForwarder(programs, "txring", C_TX_RING));
        forwarders.add(new PeerForwarder(programs, "ring", "C TPACKET_V3 + sendmmsg"));
        forwarders.add(new DriverForwarder("packet_ring"));
        forwarders.add(new PeerForwarder(programs, "mmsg", "C recvmmsg/sendmmsg"));
        forwarders.add(new DriverForwarder("packet_mmsg"));
        forwarders.add(new PeerForwarder(programs, "sendto", C_SENDTO));
        forwarders.add(new Pcap4jForwarder());
        return forwarders;
    }

    private int report(List<Lane> lanes, double others) {
        Map<String, Series> byName = new LinkedHashMap<>();
        out.printf(
                "%n%-36s %8s   %-18s %s%n",
                "path, " + Testbed.FRAME_BYTES + "-byte frames", "Kpps", "rounds", "at full speed");
        for (Lane lane : lanes) {
            Series series = lane.series;
            byName.put(lane.forwarder.name(), series);
            double lowest = Collections.min(series.rounds());
            double highest = Collections.max(series.rounds());
            out.printf(
                    Locale.ROOT,
                    "%-36s %8.0f   %-18s %.0f %%%n",
                    lane.forwarder.name(),
                    series.median() / 1000,
                    String.format(Locale.ROOT, "%.0f - %.0f", lowest / 1000, highest / 1000),
                    100 * series.fullSpeed());
        }
        if (others > OTHERS_AT_MOST) {
            out.printf(Locale.ROOT, "other programs had %.0f %% of a processor: don't build on this%n", 100 * others);
        }
        out.printf("%n%-36s %-30s %6s %6s%n", "path", "against", "ratio", "least");
        boolean reached = true;
        for (Goal goal : goals) {
            Series path = byName.get(goal.path);
            Series against = byName.get(goal.against);
            if (path == null || against == null) {
                continue;
            }
            double ratio = path.medianRatioTo(against);
            reached &= ratio >= goal.least;
            out.printf(Locale.ROOT, "%-36s %-30s %6.2f %6.2f%n", goal.path, goal.against, ratio, goal.least);
        }
        return reached ? FINE : SHORT;
    }
}

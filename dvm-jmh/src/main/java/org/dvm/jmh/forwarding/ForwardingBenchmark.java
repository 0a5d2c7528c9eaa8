package org.dvm.jmh.forwarding;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dvm.jmh.forwarding.CutThroughForwarder.Work;
import org.dvm.nodeos.lab.NetworkNamespace;

/**
 * Measures frames a second through every back end and its peers, and prints them with the ratios that matter.
 *
 * <p>Each round runs every forwarder once, so that a slow minute of the machine hits all of them; medians and ranges are
 * over the rounds. The namespaces it makes belong to this process and are gone when it ends, however it ends.
 */
public final class ForwardingBenchmark {
    /** Exit code: all ratios reached. */
    public static final int FINE = 0;

    /** Exit code: a ratio fell short. */
    public static final int SHORT = 1;

    /** Exit code: bad usage, or the machine doesn't allow it. */
    public static final int UNUSABLE = 2;

    /** How long a JVM forwards before it has compiled what it runs, on two processors that have no time for compiling. */
    private static final int WARM_UP_MILLIS = 2500;

    private static final String REDIRECT = "C XDP_REDIRECT in the kernel";
    private static final String C_CUT = "C XDP cut-through, counting";
    private static final String C_XDP = "C AF_XDP";
    private static final String C_TX_RING = "C TPACKET_V3 + TX ring";
    private static final String C_SENDTO = "C recvfrom/sendto";

    /** One line of the promise. */
    private record Goal(String path, String against, double least) {}

    private final int rounds;
    private final long millis;
    private final List<String> only;
    private final PrintStream out;
    private final List<Goal> goals;

    private ForwardingBenchmark(int rounds, long millis, List<String> only, PrintStream out) {
        this.rounds = rounds;
        this.millis = millis;
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
     * Runs the benchmark from a command line.
     *
     * @param arguments {@code [--rounds N] [--millis N] [--only TEXT,...]}
     * @throws Exception if a forwarder fails
     */
    public static void main(String[] arguments) throws Exception {
        run(List.of(arguments), System.out, System.err);
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
                Testbed testbed = new Testbed()) {
            Map<Forwarder, Series> measured = new LinkedHashMap<>();
            for (Forwarder forwarder : forwarders(programs)) {
                if (only.stream().noneMatch(forwarder.name()::contains)) {
                    continue;
                }
                String obstacle = forwarder.obstacle();
                if (obstacle.isEmpty()) {
                    measured.put(forwarder, new Series());
                } else {
                    out.println("left out: " + forwarder.name() + ": " + obstacle);
                }
            }
            for (Forwarder forwarder : measured.keySet()) {
                if (forwarder.isCompiledWhileItRuns()) {
                    measure(forwarder, testbed, WARM_UP_MILLIS, 1);
                }
            }
            for (int round = 1; round <= rounds; round++) {
                out.print("round " + round + " of " + rounds + ":");
                for (Map.Entry<Forwarder, Series> entry : measured.entrySet()) {
                    double rate = measure(entry.getKey(), testbed, millis / 3, millis);
                    entry.getValue().add(rate);
                    out.printf(Locale.ROOT, " %.0f", rate / 1000);
                    out.flush();
                }
                out.println();
            }
            return report(measured);
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

    private static double measure(Forwarder forwarder, Testbed testbed, long warmUpMillis, long millis)
            throws Exception {
        Forwarder.Running running = forwarder.start(testbed);
        try {
            return testbed.framesPerSecond(warmUpMillis, millis);
        } finally {
            running.close();
        }
    }

    private int report(Map<Forwarder, Series> measured) {
        Map<String, Series> byName = new LinkedHashMap<>();
        out.printf("%n%-36s %8s   %s%n", "path, " + Testbed.FRAME_BYTES + "-byte frames", "Kpps", "lowest - highest");
        measured.forEach((forwarder, series) -> {
            byName.put(forwarder.name(), series);
            out.printf(
                    Locale.ROOT,
                    "%-36s %8.0f   %.0f - %.0f%n",
                    forwarder.name(),
                    series.median() / 1000,
                    series.lowest() / 1000,
                    series.highest() / 1000);
        });
        out.printf("%n%-36s %-30s %6s %6s%n", "path", "against", "ratio", "least");
        boolean reached = true;
        for (Goal goal : goals) {
            Series path = byName.get(goal.path);
            Series against = byName.get(goal.against);
            if (path == null || against == null) {
                out.printf("%-36s %-30s %6s %6.2f%n", goal.path, goal.against, "-", goal.least);
                continue;
            }
            double ratio = path.medianRatioTo(against);
            reached &= ratio >= goal.least;
            out.printf(Locale.ROOT, "%-36s %-30s %6.2f %6.2f%n", goal.path, goal.against, ratio, goal.least);
        }
        return reached ? FINE : SHORT;
    }
}

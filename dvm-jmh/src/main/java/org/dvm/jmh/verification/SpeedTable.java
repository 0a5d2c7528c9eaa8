package org.dvm.jmh.verification;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.dvm.core.repository.ClassRepositories;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.Verifier;

/**
 * Verifies the same classes with this verifier and its peers, in turns, in one thread, and with HotSpot in JVMs of its own.
 * Time is the thread's CPU time.
 */
final class SpeedTable {
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private SpeedTable() {}

    /**
     * What was seen of one verifier.
     *
     * @param name whose
     * @param rate in MB of class files a second
     * @param accepted how many classes it accepts
     */
    private record Row(String name, double rate, int accepted) {}

    /** Prints the rates for the classes of jars that HotSpot accepts. */
    static void print(List<Path> jars) throws Exception {
        ClassFiles all = ClassFiles.of(jars);
        System.out.println("classes with stack map frames:");
        ClassFiles framed = HotSpotStage.accepted(all.framed());
        List<Row> rows = rows(framed);
        ClassFiles few = Peers.bcelClasses(framed);
        rows.add(row(Peers.bcel(few), few.list()));
        print(rows, framed);
        System.out.println("as version " + ClassFiles.INFERENCE_VERSION + ", by inference, where they can be:");
        ClassFiles older = HotSpotStage.accepted(all.older());
        print(rows(older), older);
    }

    /** Returns the median rate of the last rounds by peer. */
    private static List<Row> rows(ClassFiles classes) throws Exception {
        List<byte[]> list = classes.list();
        List<Row> rows = new ArrayList<>();
        try (ClassRepositories jdk = ClassRepositories.runningJdk()) {
            ClassRepository world = ClassRepositories.chain(classes.repository(), jdk);
            List<Peer> peers = Peers.of(classes, Verifier.openWorld(world));
            Row[][] rounds = new Row[peers.size()][ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < peers.size(); i++) {
                    rounds[i][round] = row(peers.get(i), list);
                }
            }
            for (Row[] each : rounds) {
                Row[] last = Arrays.copyOfRange(each, ROUNDS / 2, ROUNDS);
                Arrays.sort(last, Comparator.comparingDouble(Row::rate));
                rows.add(last[last.length / 2]);
            }
        }
        rows.add(new Row(
                "HotSpot's verify stage", classes.bytes() * 1e3 / HotSpotStage.verifyNanos(classes), classes.size()));
        return rows;
    }

    private static Row row(Peer peer, List<byte[]> classes) {
        long bytes = 0;
        int accepted = 0;
        long started = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < classes.size(); i++) {
            bytes += classes.get(i).length;
            accepted += peer.accepts(i) ? 1 : 0;
        }
        return new Row(peer.name(), bytes * 1e3 / (THREADS.getCurrentThreadCpuTime() - started), accepted);
    }

    private static void print(List<Row> rows, ClassFiles classes) {
        System.out.printf(
                Locale.ROOT,
                "  %,d classes, %,d bytes, all sound; MB/s, median of the last rounds; dvm over the peer%n",
                classes.size(),
                classes.bytes());
        System.out.printf("  %-30s %8s %10s %10s %10s%n", "", "MB/s", "parsed /", "bytes /", "accepts");
        for (Row row : rows) {
            boolean own = row.name().startsWith("dvm");
            System.out.printf(
                    Locale.ROOT,
                    "  %-30s %8.1f %10s %10s %,10d%n",
                    row.name(),
                    row.rate(),
                    own ? "" : ratio(rows.get(0), row),
                    own ? "" : ratio(rows.get(1), row),
                    row.accepted());
        }
    }

    private static String ratio(Row own, Row peer) {
        return String.format(Locale.ROOT, "%.2f", own.rate() / peer.rate());
    }
}

package org.dvm.verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.dvm.testkit.oracle.OracleVerdict.Stage;

/**
 * Compares our verdicts on class files, all phases in a closed world, with those of HotSpot. Where they differ, the class
 * file and both verdicts are left in {@code target/disagreements}.
 */
final class Agreement {
    private static final int BATCH = 2000;
    private static final int MAX_SAVED = 200;

    /** What our verifier leaves to class loaders: packages that a loader may not define, and loader constraints. */
    private static final Set<String> OF_LOADERS = Set.of("java/lang/SecurityException", "java/lang/LinkageError");

    private final int release;
    private final Corpus world;
    private final Verifier verifier;
    private final Tally old = new Tally();
    private final Tally modern = new Tally();

    /** A class file that was refused by one and accepted by the other, or refused with another class of error. */
    record Case(String name, byte[] classFile) {}

    /** Counts of agreement. */
    static final class Tally {
        private final List<String> disagreements = new ArrayList<>();
        private final List<String> otherErrors = new ArrayList<>();
        private int count;
        private int refusedByBoth;

        int count() {
            return count;
        }

        int refusedByBoth() {
            return refusedByBoth;
        }

        List<String> disagreements() {
            return disagreements;
        }

        double sameVerdicts() {
            return count == 0 ? 1 : 1 - (double) disagreements.size() / count;
        }

        double sameErrors() {
            return refusedByBoth == 0 ? 1 : 1 - (double) otherErrors.size() / refusedByBoth;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d cases, verdict equal %.4f %%, refused by both %,d, error equal %.3f %%%n%s",
                    count,
                    100 * sameVerdicts(),
                    refusedByBoth,
                    100 * sameErrors(),
                    String.join("\n", disagreements));
        }
    }

    Agreement(int release, Corpus world) {
        this.release = release;
        this.world = world;
        this.verifier = Verifier.closedWorld(world).forJvm(JvmRelease.of(release));
    }

    /** Compares all cases. */
    Agreement compare(Iterator<Case> cases) {
        Path home = Jdks.home(release).orElseThrow();
        try (HotSpotOracle oracle = HotSpotOracle.start(home, world.places())) {
            while (cases.hasNext()) {
                List<Case> batch = new ArrayList<>(BATCH);
                while (cases.hasNext() && batch.size() < BATCH) {
                    batch.add(cases.next());
                }
                List<OracleVerdict> expected = oracle.judge(batch.stream()
                        .map(each -> OracleCase.link(each.classFile()))
                        .toList());
                for (int i = 0; i < batch.size(); i++) {
                    compare(batch.get(i), expected.get(i));
                }
            }
        }
        return this;
    }

    private void compare(Case item, OracleVerdict expected) {
        if (OF_LOADERS.contains(expected.error())) {
            return;
        }
        Verdict actual = verifier.verify(item.classFile());
        Tally tally = majorVersion(item.classFile()) < 50 ? old : modern;
        tally.count++;
        if (expected.stage() == Stage.CRASHED || expected.accepted() != actual.isAccepted()) {
            tally.disagreements.add(save(item, expected, actual));
        } else if (actual instanceof Verdict.Rejected rejected) {
            tally.refusedByBoth++;
            if (!rejected.error().className().equals(expected.error())) {
                tally.otherErrors.add(save(item, expected, actual));
            }
        }
    }

    private static int majorVersion(byte[] classFile) {
        return classFile.length < 8 ? 0xffff : (classFile[6] & 0xff) << 8 | classFile[7] & 0xff;
    }

    /** Returns what both said, and where the class file is to be looked at. */
    private String save(Case item, OracleVerdict expected, Verdict actual) {
        String said = actual instanceof Verdict.Rejected rejected
                ? rejected.faults().get(0).render()
                : "accepted " + actual.className();
        int number = old.disagreements.size()
                + modern.disagreements.size()
                + old.otherErrors.size()
                + modern.otherErrors.size();
        Path file = Path.of("target", "disagreements", release + "-" + number + ".class");
        String text =
                file + ": " + item.name() + "\n  HotSpot " + release + ": " + expected + "\n  dvm: " + said + "\n";
        if (number < MAX_SAVED) {
            try {
                Files.createDirectories(file.getParent());
                Files.write(file, item.classFile());
                // As bytes: names may hold what has no encoding.
                Files.write(
                        file.resolveSibling(release + "-" + number + ".txt"), text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("can't keep a disagreement", e);
            }
        }
        return text;
    }

    /** Returns the counts of class files below version 50, which have no stack map frames. */
    Tally old() {
        return old;
    }

    /** Returns the counts of class files of version 50 and above. */
    Tally modern() {
        return modern;
    }
}

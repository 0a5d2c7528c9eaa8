package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dvm.core.classfile.RawClass;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.mutation.Mutant;
import org.dvm.testkit.mutation.MutationKind.Family;
import org.dvm.testkit.mutation.Mutator;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.dvm.testkit.oracle.OracleVerdict.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts on mutants of real classes are HotSpot 25's. */
@Tag("once")
class AgreementTest {
    private static final int LATEST = 25;

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 49})
    void judgesMutantsAsHotSpotDoes(int version) {
        Tally tally = compare("java.xml", version, 1500, 20260101);

        assertThat(tally.disagreements).isEmpty();
        assertThat(tally.sameErrorShare()).isGreaterThanOrEqualTo(0.995);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 49, 48, 45})
    void judgesManyMutantsOfANewSeedAsHotSpotDoes(int version) {
        long seed = System.nanoTime();
        Tally tally = compare("jdk.compiler", version, 20_000, seed);

        assertThat(tally.disagreements.size())
                .as("seed=%s %s", seed, tally.disagreements)
                .isLessThanOrEqualTo(tally.count / (version == 0 ? 1000 : 500));
        assertThat(tally.sameErrorShare()).isGreaterThanOrEqualTo(0.995);
    }

    private static Tally compare(String module, int version, int count, long seed) {
        assumeTrue(Jdks.home(LATEST).isPresent(), "no JDK 25 found: HotSpot can't be asked");
        Corpus corpus = Corpus.ofModules(Jdks.home(LATEST).orElseThrow(), module);
        List<Case> cases = mutants(corpus, version, count, seed);
        Tally tally = new Tally();
        Verifier verifier = Verifier.closedWorld(corpus);
        try (HotSpotOracle oracle = HotSpotOracle.start(LATEST, List.of("jrt:/" + module))) {
            List<OracleVerdict> expected =
                    oracle.judge(cases.stream().map(Case::oracleCase).toList());
            for (int i = 0; i < cases.size(); i++) {
                if (isOfPhases2And3(expected.get(i))) {
                    Case item = cases.get(i);
                    Verdict actual = verifier.verify(item.oracleCase().classFile());
                    tally.add(expected.get(i), actual, item.hasOneFault());
                }
            }
        }
        assertThat(tally.count).isGreaterThan(count / 10);
        return tally;
    }

    /** The format check has tests of its own; a superclass that isn't sound is no fault of the class. */
    private static boolean isOfPhases2And3(OracleVerdict verdict) {
        return verdict.stage() == Stage.ACCEPTED || verdict.stage() == Stage.LINK;
    }

    /** A mutant; with several faults, which one a JVM names first depends on where its symbols lie in memory. */
    private record Case(OracleCase oracleCase, boolean hasOneFault) {}

    private static List<Case> mutants(Corpus corpus, int version, int count, long seed) {
        Mutator mutator = Mutator.of(Family.CODE, Family.FRAMES);
        List<RawClass> classes = corpus.classes();
        Random random = new Random(seed);
        List<Case> cases = new ArrayList<>();
        while (cases.size() < count) {
            RawClass original = classes.get(random.nextInt(classes.size()));
            byte[] bytes = original.bytes().clone();
            if (version > 0) {
                bytes[7] = (byte) version;
            }
            try {
                Mutant mutant = mutator.mutate(RawClass.parse(bytes), random.nextLong());
                OracleCase link = new OracleCase(original.className(), mutant.bytes(), Map.of(), OracleCase.Depth.LINK);
                cases.add(new Case(link, mutant.kinds().size() == 1));
            } catch (RawClass.ClassFormatException e) {
                throw new IllegalStateException("only the version was changed", e);
            }
        }
        return cases;
    }

    /** Counts of agreement. */
    private static final class Tally {
        private final List<String> disagreements = new ArrayList<>();
        private int count;
        private int rejectedByBoth;
        private int sameError;

        void add(OracleVerdict expected, Verdict actual, boolean hasOneFault) {
            count++;
            if (expected.accepted() != actual.isAccepted()) {
                disagreements.add(expected + " but " + text(actual));
            } else if (hasOneFault && actual instanceof Verdict.Rejected rejected) {
                rejectedByBoth++;
                sameError += rejected.error().className().equals(expected.error()) ? 1 : 0;
            }
        }

        double sameErrorShare() {
            return rejectedByBoth == 0 ? 1 : (double) sameError / rejectedByBoth;
        }

        private static String text(Verdict verdict) {
            return verdict instanceof Verdict.Rejected rejected
                    ? rejected.faults().get(0).render()
                    : "accepted " + verdict.className();
        }
    }
}

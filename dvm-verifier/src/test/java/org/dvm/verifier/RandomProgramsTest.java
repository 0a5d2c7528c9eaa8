package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;
import org.dvm.testkit.oracle.OracleCase;
import org.dvm.testkit.oracle.OracleVerdict;
import org.dvm.testkit.oracle.OracleVerdict.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts on random programs are HotSpot 25's. */
@Tag("once")
class RandomProgramsTest {
    private static final int LATEST = 25;

    @ParameterizedTest
    @ValueSource(ints = {46, 49, 50, 52, 61})
    void judgesRandomProgramsAsHotSpotDoes(int version) {
        compare(version, 3_000, 20260801);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {45, 48, 50, 51, 55, 69})
    void judgesManyRandomProgramsOfANewSeedAsHotSpotDoes(int version) {
        compare(version, 100_000, System.nanoTime());
    }

    private static void compare(int version, int count, long seed) {
        assumeTrue(Jdks.home(LATEST).isPresent(), "no JDK 25 found: HotSpot can't be asked");
        Verifier verifier =
                Verifier.closedWorld(Corpus.ofModules(Jdks.home(LATEST).orElseThrow(), "java.base"));
        List<OracleCase> cases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] program = RandomPrograms.of(version, seed + i);
            cases.add(new OracleCase(RandomPrograms.NAME, program, Map.of(), OracleCase.Depth.LINK));
        }
        List<String> disagreements = new ArrayList<>();
        int accepted = 0;
        int rejected = 0;
        try (HotSpotOracle oracle = HotSpotOracle.start(LATEST, List.of())) {
            List<OracleVerdict> expected = oracle.judge(cases);
            for (int i = 0; i < count; i++) {
                if (expected.get(i).stage() == Stage.ACCEPTED || expected.get(i).stage() == Stage.LINK) {
                    Verdict actual = verifier.verify(cases.get(i).classFile());
                    accepted += expected.get(i).accepted() ? 1 : 0;
                    rejected += expected.get(i).accepted() ? 0 : 1;
                    if (!isSame(expected.get(i), actual)) {
                        disagreements.add("seed=" + (seed + i) + " " + expected.get(i) + " but " + text(actual));
                    }
                }
            }
        }

        assertThat(disagreements).isEmpty();
        assertThat(accepted).as("accepted ones").isGreaterThan(count / 50);
        assertThat(rejected).as("rejected ones").isGreaterThan(count / 10);
    }

    private static boolean isSame(OracleVerdict expected, Verdict actual) {
        return actual instanceof Verdict.Rejected rejected
                ? !expected.accepted() && rejected.error().className().equals(expected.error())
                : expected.accepted();
    }

    private static String text(Verdict verdict) {
        return verdict instanceof Verdict.Rejected rejected
                ? rejected.faults().get(0).render()
                : "accepted";
    }
}

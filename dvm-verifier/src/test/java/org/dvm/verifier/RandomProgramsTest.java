package org.dvm.verifier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.dvm.testkit.Jdks;
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
        new OracleComparison(LATEST, Map.of())
                .compare(each -> RandomPrograms.of(version, each), seed, count)
                .assertAllAgree();
    }
}

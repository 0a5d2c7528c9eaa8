package org.dvm.verifier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts on subroutines of all shapes are HotSpot's. */
@Tag("once")
class SubroutinesTest {
    @ParameterizedTest
    @CsvSource({"25, 49", "17, 45"})
    void judgesSubroutinesAsHotSpotDoes(int release, int version) {
        compare(release, version, 4_000, 20261201);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"25, 50", "25, 48", "25, 45", "17, 47"})
    void judgesManySubroutinesOfANewSeedAsHotSpotDoes(int release, int version) {
        compare(release, version, 100_000, System.nanoTime());
    }

    private static void compare(int release, int version, int count, long seed) {
        assumeTrue(Jdks.home(release).isPresent(), () -> "no JDK " + release + " found: HotSpot can't be asked");
        new OracleComparison(release, Map.of())
                .compare(each -> SubroutinePrograms.of(version, each), seed, count)
                .assertAllAgree();
    }
}

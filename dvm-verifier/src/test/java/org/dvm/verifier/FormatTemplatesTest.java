package org.dvm.verifier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd names, descriptors, flags, handles and attributes are judged as by HotSpot. */
@Tag("once")
class FormatTemplatesTest {
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void judgesOddPartsAsHotSpotDoes(int release) {
        compare(release, 6_000, 20261201);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void judgesManyOddPartsOfANewSeedAsHotSpotDoes(int release) {
        compare(release, 300_000, System.nanoTime());
    }

    private static void compare(int release, int count, long seed) {
        assumeTrue(Jdks.home(release).isPresent(), () -> "no JDK " + release + " found: HotSpot can't be asked");
        new OracleComparison(release, TypeFixtures.world())
                .compare(FormatTemplates::of, seed, count)
                .assertAllAgree();
    }
}

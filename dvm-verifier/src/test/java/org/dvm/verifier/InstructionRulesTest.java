package org.dvm.verifier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.dvm.testkit.Jdks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each opcode, on operands that its rule takes and on others, with and without stack map frames, is judged as by HotSpot. */
@Tag("once")
class InstructionRulesTest {
    private static final int OPCODES = 256;

    @ParameterizedTest
    @CsvSource({"25, 65", "25, 49", "25, 50", "17, 52", "17, 46"})
    void judgesEveryInstructionAsHotSpotDoes(int release, int version) {
        compare(release, version, 10, 20261201);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"25, 65", "25, 51", "25, 50", "25, 49", "25, 47", "25, 45", "17, 61", "17, 50", "17, 48"})
    void judgesEveryInstructionAsHotSpotDoesInManyTemplates(int release, int version) {
        compare(release, version, 400, System.nanoTime() >>> 16);
    }

    private static void compare(int release, int version, int templates, long round) {
        assumeTrue(Jdks.home(release).isPresent(), () -> "no JDK " + release + " found: HotSpot can't be asked");
        new OracleComparison(release, TypeFixtures.world())
                .compare(seed -> InstructionTemplates.of(version, seed), round * OPCODES, templates * OPCODES)
                .assertAllAgree();
    }
}

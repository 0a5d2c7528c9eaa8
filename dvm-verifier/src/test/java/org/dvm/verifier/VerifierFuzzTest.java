package org.dvm.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.dvm.verifier.Verifier.Findings;
import org.dvm.verifier.Verifier.References;
import org.junit.jupiter.api.Tag;

/**
 * Coverage-guided fuzzing of the verifier: {@code JAZZER_FUZZ=1 mvn -pl dvm-verifier -am test -Dtest=VerifierFuzzTest}.
 * Without the variable it runs the seeds only.
 */
@Tag("once")
class VerifierFuzzTest {
    private final Verifier verifier = Verifier.openWorld().with(Findings.ALL).with(References.COLLECT);

    @FuzzTest(maxDuration = "10m")
    void givesAVerdictOnAnyBytes(byte[] bytes) {
        Verdict verdict = verifier.verify(bytes);

        if (verdict instanceof Verdict.Rejected rejected) {
            assertThat(rejected.faults())
                    .allSatisfy(fault -> assertThat(fault.render()).isNotEmpty());
        }
    }
}

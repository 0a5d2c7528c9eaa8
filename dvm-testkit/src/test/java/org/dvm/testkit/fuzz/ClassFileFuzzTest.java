package org.dvm.testkit.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/**
 * Coverage-guided fuzzing of reader, format check and writer: {@code JAZZER_FUZZ=1 mvn -pl dvm-testkit -am test
 * -Dtest=ClassFileFuzzTest}. Without the variable it runs the seeds only.
 */
@Tag("once")
class ClassFileFuzzTest {
    private final HostileInput input = new HostileInput(HostileInput.Memory.UNWATCHED);

    @FuzzTest(maxDuration = "10m")
    void bearsAnyBytes(byte[] bytes) {
        input.bear(bytes);
    }
}

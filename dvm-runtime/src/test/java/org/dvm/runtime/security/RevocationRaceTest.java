package org.dvm.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocations race with look-ups: after a revocation was acknowledged no check that begins may pass. */
class RevocationRaceTest {
    private static final int ROUNDS = 3_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void noCheckPassesAfterTheAcknowledgement(int threads) throws Exception {
        EnforcementManagerTest.Table table = new EnforcementManagerTest.Table();
        EnforcementManagerTest.Memory memory = new EnforcementManagerTest.Memory();
        AtomicInteger phase = new AtomicInteger(); // odd: revoked
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        AtomicInteger permits = new AtomicInteger();
        List<Thread> checkers = new ArrayList<>();
        try (EnforcementManager.Installation installation =
                EnforcementManager.install(table, memory, EnforcementManager.Mode.ENFORCING)) {
            for (int i = 0; i < threads; i++) {
                Thread checker = new Thread(() -> Subjects.<Object>callAs("racer", () -> {
                    while (!stop.get()) {
                        int before = phase.get();
                        try {
                            Guard.check(Permission.of("x"));
                            permits.incrementAndGet();
                            // Revoked before the check began and still after it: the permit came too late.
                            if (before % 2 == 1 && phase.get() == before) {
                                late.incrementAndGet();
                            }
                        } catch (AccessDeniedException e) {
                            Thread.onSpinWait();
                        }
                    }
                    return "";
                }));
                checkers.add(checker);
                checker.start();
            }
            for (int round = 0; round < ROUNDS; round++) {
                table.allowed.add("racer x");
                table.epoch.incrementAndGet();
                installation.policyChanged();
                for (int seen = permits.get(), spins = 0; permits.get() == seen && spins < 100_000; spins++) {
                    Thread.onSpinWait();
                }
                table.allowed.remove("racer x");
                table.epoch.incrementAndGet();
                installation.policyChanged();
                phase.incrementAndGet();
                for (int spins = 0; spins < 200; spins++) {
                    Thread.onSpinWait();
                }
                phase.incrementAndGet();
            }
            stop.set(true);
            for (Thread checker : checkers) {
                checker.join();
            }
        }
        assertThat(permits.get()).isPositive();
        assertThat(late).hasValue(0);
    }
}

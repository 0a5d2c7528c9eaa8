package org.dvm.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changes race with what the manager caches: flags of what everybody may do, and answers that come too late. */
class CacheRaceTest {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final EnforcementManagerTest.Memory memory = new EnforcementManagerTest.Memory();

    private static boolean passes(String subject, String permission) {
        return Subjects.callAs(subject, () -> {
            try {
                Guard.check(Permission.of(permission));
                return true;
            } catch (AccessDeniedException e) {
                return false;
            }
        });
    }

    @Test
    void newcomersPassByNobodyElsesFlag() throws Exception {
        newcomers(2_000);
    }

    @Test
    @Tag("slow")
    void newcomersPassByNobodyElsesFlagEvenIfTheyAreMany() throws Exception {
        newcomers(200_000);
    }

    private void newcomers(int rounds) throws Exception {
        EnforcementManagerTest.Table table = new EnforcementManagerTest.Table();
        String old = "old-" + NAMES.incrementAndGet();
        table.allowed.add(old + " race");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger passed = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (EnforcementManager.Installation installation =
                EnforcementManager.install(table, memory, EnforcementManager.Mode.ENFORCING)) {
            List<Thread> users = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Thread user = new Thread(() -> {
                    while (!stop.get()) {
                        if (!passes(old, "race")) {
                            refused.incrementAndGet();
                        }
                    }
                });
                users.add(user);
                user.start();
            }
            for (int round = 0; round < rounds; round++) {
                // No more names than flags are raised for.
                String newcomer = round < 150 ? "newcomer-" + NAMES.incrementAndGet() : "newcomer-0";
                if (passes(newcomer, "race")) {
                    passed.incrementAndGet();
                }
                installation.policyChanged();
            }
            stop.set(true);
            for (Thread user : users) {
                user.join();
            }
        }
        assertThat(passed).hasValue(0);
        assertThat(refused).hasValue(0);
    }

    @Test
    void answerOvertakenByARevocationIsNotUsedAgain() throws Exception {
        CountDownLatch question = new CountDownLatch(1);
        CountDownLatch revoked = new CountDownLatch(1);
        AtomicBoolean mayPass = new AtomicBoolean(true);
        String subject = "slow-" + NAMES.incrementAndGet();
        EnforcementManagerTest.Table table = new EnforcementManagerTest.Table() {
            @Override
            public Decision decide(String who, String permission, ResourceKind kind, String resource) {
                boolean answer = mayPass.get();
                if (permission.equals("overtaken") && answer) {
                    question.countDown();
                    try {
                        revoked.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return new Decision(answer, Decision.Scope.EVERY_RESOURCE, "slow", 1);
            }
        };
        try (EnforcementManager.Installation installation =
                EnforcementManager.install(table, memory, EnforcementManager.Mode.ENFORCING)) {
            Thread asker = new Thread(() -> passes(subject, "overtaken"));
            asker.start();
            question.await();
            mayPass.set(false);
            installation.policyChanged();
            revoked.countDown();
            asker.join();

            assertThat(passes(subject, "overtaken")).isFalse();
            assertThat(Permission.of("overtaken").heldByAll).isFalse();
        }
    }
}

package org.dvm.jmh.security;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dvm.runtime.security.AccessDeniedException;
import org.dvm.runtime.security.Decision;
import org.dvm.runtime.security.EnforcementManager;
import org.dvm.runtime.security.Guard;
import org.dvm.runtime.security.Permission;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.runtime.security.Subjects;

/**
 * Revokes a permission while threads use it as fast as they can: how long until the push is acknowledged, how long until
 * the last thread was denied, and whether any check that began after the acknowledgement permitted.
 *
 * <p>Arguments: numbers of threads.
 */
public final class Revocation {
    private static final int ROUNDS = 300;

    private volatile boolean allowed = true;
    private volatile long epoch = 1;
    private volatile long acknowledged = Long.MAX_VALUE;
    private volatile boolean stop;
    private final AtomicInteger late = new AtomicInteger();
    private volatile Round round = new Round(0);

    /** One revocation: who is denied waits for the next. */
    private record Round(CountDownLatch denied, CountDownLatch over) {
        Round(int threads) {
            this(new CountDownLatch(threads), new CountDownLatch(1));
        }
    }

    private Revocation() {}

    /** Prints a line for each number of threads. */
    public static void main(String[] arguments) throws Exception {
        for (String threads : arguments) {
            new Revocation().run(Integer.parseInt(threads));
        }
    }

    private void run(int threads) throws InterruptedException {
        double[] pushes = new double[ROUNDS];
        double[] lasts = new double[ROUNDS];
        try (EnforcementManager.Installation installation =
                EnforcementManager.install(new Source(), new Silence(), EnforcementManager.Mode.ENFORCING)) {
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread worker = new Thread(() -> Subjects.<Object>callAs("worker", this::workUninterrupted));
                workers.add(worker);
                worker.start();
            }
            for (int i = 0; i < ROUNDS; i++) {
                Round current = new Round(threads);
                round = current;
                Thread.sleep(2);
                long begin = System.nanoTime();
                allowed = false;
                epoch++;
                installation.policyChanged();
                long end = System.nanoTime();
                acknowledged = end;
                current.denied.await();
                pushes[i] = (end - begin) / 1e6;
                lasts[i] = (System.nanoTime() - begin) / 1e6;
                acknowledged = Long.MAX_VALUE;
                allowed = true;
                epoch++;
                installation.policyChanged();
                current.over.countDown();
            }
            stop = true;
            for (Thread worker : workers) {
                worker.join();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%4d threads: acknowledged after %.3f ms (p50) %.3f (p99); last thread denied after %.3f ms (p50)"
                        + " %.3f (p99); permits after the acknowledgement: %d%n",
                threads,
                percentile(pushes, 50),
                percentile(pushes, 99),
                percentile(lasts, 50),
                percentile(lasts, 99),
                late.get());
    }

    private Object workUninterrupted() {
        try {
            return work();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the workers", e);
        }
    }

    /** Uses the permission until it is denied, then waits for the next round. */
    private Object work() throws InterruptedException {
        while (!stop) {
            try {
                long before = System.nanoTime();
                Guard.check(Permission.of("bench.revocable"));
                if (before > acknowledged) {
                    late.incrementAndGet();
                }
            } catch (AccessDeniedException e) {
                Round current = round;
                current.denied.countDown();
                current.over.await();
            }
        }
        return "";
    }

    private static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private final class Source extends OneSubjectSource {
        Source() {
            super("worker");
        }

        @Override
        public Decision decide(String subject, String permission, ResourceKind kind, String resource) {
            return new Decision(allowed, Decision.Scope.EVERY_RESOURCE, "the benchmark's only rule", epoch);
        }

        @Override
        public long epoch() {
            return epoch;
        }
    }
}

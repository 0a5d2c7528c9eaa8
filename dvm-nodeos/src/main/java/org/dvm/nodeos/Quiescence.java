package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until threads are outside of all accesses to revoked memory: see the comment in {@link RevocableMemory}.
 *
 * <p>A thread's stack is taken at a safepoint, where its compiled code has completed every access it began. If no frame
 * of an accessor is on it, the next access of that thread begins with a new comparison of the holder.
 */
final class Quiescence {
    private static final Set<String> ACCESSORS = Set.of(RevocableMemory.class.getName(), PacketBuffer.class.getName());

    private static final long RETRY_NANOS = 20_000;

    private Quiescence() {}

    /**
     * Returns when none of the threads is inside an access that began before the call. The running thread itself is never
     * waited for.
     */
    static void await(Collection<Thread> threads) {
        List<Thread> waiting = new ArrayList<>(threads);
        waiting.remove(Thread.currentThread());
        while (true) {
            waiting.removeIf(thread -> !isInsideAccess(thread));
            if (waiting.isEmpty()) {
                return;
            }
            LockSupport.parkNanos(RETRY_NANOS); // accesses are short: the thread was stopped in the midst of one
        }
    }

    private static boolean isInsideAccess(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (ACCESSORS.contains(frame.getClassName())) {
                return true;
            }
        }
        return false;
    }
}

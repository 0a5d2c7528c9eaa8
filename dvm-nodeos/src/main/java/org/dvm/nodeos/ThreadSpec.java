package org.dvm.nodeos;

/**
 * How many threads a pool may have and what CPU time they share.
 *
 * @param name for thread names and logs
 * @param maxThreads most threads at once, at least 1
 * @param cpuNanosPerSecond CPU time guaranteed, in nanoseconds each second, taken out of the domain's; also the pool's
 *     relative share of what others leave idle
 */
public record ThreadSpec(String name, int maxThreads, long cpuNanosPerSecond) {
    /** Checks the ranges. */
    public ThreadSpec {
        if (maxThreads < 1 || cpuNanosPerSecond < 0) {
            throw new IllegalArgumentException("pool must have a thread and no negative share: maxThreads=" + maxThreads
                    + ", cpuNanosPerSecond=" + cpuNanosPerSecond);
        }
    }
}

package org.dvm.examples.filter;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The dynamic component: rewritten code calls it when a method is left. */
public final class SlowCalls {
    private static final Map<String, Long> LONGEST = new ConcurrentHashMap<>();

    private SlowCalls() {}

    /** Notes how long a call took, if that was too long. */
    public static void left(String method, long startNanos, int limitMillis) {
        long millis = (System.nanoTime() - startNanos) / 1_000_000;
        if (millis >= limitMillis) {
            LONGEST.merge(method, millis, Math::max);
        }
    }

    /** Returns the longest call of each method that was too slow, in milliseconds. */
    public static Map<String, Long> longest() {
        return new TreeMap<>(LONGEST);
    }
}

package org.dvm.jmh.verification;

import java.util.Arrays;
import java.util.Locale;

/**
 * Values of several rounds, ascending.
 *
 * @param sorted at least one
 */
record Series(double[] sorted) {
    Series {
        sorted = sorted.clone();
        Arrays.sort(sorted);
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns median and quartiles, such as {@code 1.004 (0.992-1.011)}. */
    String text(String format) {
        return String.format(
                Locale.ROOT,
                format + " (" + format + "-" + format + ")",
                median(),
                sorted[sorted.length / 4],
                sorted[sorted.length - 1 - sorted.length / 4]);
    }
}

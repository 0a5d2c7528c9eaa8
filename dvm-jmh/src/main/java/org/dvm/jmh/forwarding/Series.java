package org.dvm.jmh.forwarding;

import java.util.ArrayList;
import java.util.List;

/** What one forwarder did in each round, in frames a second. */
final class Series {
    private final List<Double> rates = new ArrayList<>();

    void add(double framesPerSecond) {
        rates.add(framesPerSecond);
    }

    boolean isEmpty() {
        return rates.isEmpty();
    }

    double median() {
        return median(rates);
    }

    double lowest() {
        return rates.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }

    double highest() {
        return rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /** Returns how often the rate of this series was that of another: the median over the rounds. */
    double medianRatioTo(Series other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(rates.size(), other.rates.size()); i++) {
            ratios.add(rates.get(i) / other.rates.get(i));
        }
        return median(ratios);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}

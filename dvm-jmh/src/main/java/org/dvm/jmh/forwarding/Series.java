package org.dvm.jmh.forwarding;

import java.util.ArrayList;
import java.util.List;

/**
 * What one forwarder did in each slice of each round. The slices of a number lie close together in time, whoever they are
 * of. Only those at full speed count, if there are enough.
 */
final class Series {
    private final int slicesPerRound;
    private final List<Slice> slices = new ArrayList<>();

    Series(int slicesPerRound) {
        this.slicesPerRound = slicesPerRound;
    }

    void add(Slice slice) {
        slices.add(slice);
    }

    /** Returns the median of the latest round, in frames a second. */
    double latest() {
        return median(rates(slices.subList(slices.size() - slicesPerRound, slices.size())));
    }

    /** Returns the median of all slices. */
    double median() {
        return median(rates(slices));
    }

    /** Returns which part of the slices was at full speed. */
    double fullSpeed() {
        return (double) slices.stream().filter(Slice::isFullSpeed).count() / slices.size();
    }

    /** Returns the medians of the rounds. */
    List<Double> rounds() {
        List<Double> rounds = new ArrayList<>();
        for (int first = 0; first < slices.size(); first += slicesPerRound) {
            rounds.add(median(rates(slices.subList(first, first + slicesPerRound))));
        }
        return rounds;
    }

    private static List<Double> rates(List<Slice> slices) {
        List<Double> full = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (Slice slice : slices) {
            all.add(slice.framesPerSecond());
            if (slice.isFullSpeed()) {
                full.add(slice.framesPerSecond());
            }
        }
        return areEnough(full, all) ? full : all;
    }

    /** Returns how often the rate of this series was that of another: the median over slices of the same number. */
    double medianRatioTo(Series other) {
        List<Double> full = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            double ratio = slices.get(i).framesPerSecond() / other.slices.get(i).framesPerSecond();
            all.add(ratio);
            if (slices.get(i).isFullSpeed() && other.slices.get(i).isFullSpeed()) {
                full.add(ratio);
            }
        }
        return median(areEnough(full, all) ? full : all);
    }

    private static boolean areEnough(List<Double> full, List<Double> all) {
        return 4 * full.size() >= all.size();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}

package org.dvm.jmh.engine;

import java.util.Arrays;

/**
 * What one contender showed at one task.
 *
 * @param contender the contender's name
 * @param task the task
 * @param megabytesPerSecond of input, per round of CPU time
 * @param allocatedPerByte bytes allocated per byte of input
 * @param failed classes that it threw on
 * @param refused classes that it wrote and a JVM refused
 */
record Measurement(
        String contender, Task task, double[] megabytesPerSecond, double allocatedPerByte, int failed, int refused) {
    /** Copies the array, sorted. */
    Measurement {
        megabytesPerSecond = megabytesPerSecond.clone();
        Arrays.sort(megabytesPerSecond);
    }

    double median() {
        return megabytesPerSecond[megabytesPerSecond.length / 2];
    }

    double lowest() {
        return megabytesPerSecond[0];
    }

    double highest() {
        return megabytesPerSecond[megabytesPerSecond.length - 1];
    }

    String toJson() {
        return String.format(
                java.util.Locale.ROOT,
                "{\"contender\":\"%s\",\"task\":\"%s\",\"mbPerSecond\":%.1f,\"lowest\":%.1f,\"highest\":%.1f,"
                        + "\"allocatedPerByte\":%.2f,\"failed\":%d,\"refused\":%d}",
                contender,
                task,
                median(),
                lowest(),
                highest(),
                allocatedPerByte,
                failed,
                refused);
    }
}

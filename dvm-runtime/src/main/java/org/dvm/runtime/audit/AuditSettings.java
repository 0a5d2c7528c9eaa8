package org.dvm.runtime.audit;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the audit collector works, read from system properties so that an agent and a rewritten jar are set up alike.
 *
 * @param file where JSON lines go; null for nowhere
 * @param flightRecorder whether events also go to Flight Recorder
 * @param capacity events that the ring buffer holds, a power of two
 * @param maxFileBytes size at which a file is put aside and a new one begun
 * @param maxFiles files put aside that are kept
 * @param session identifies this run of the JVM in every event
 * @param complaints one line for each property that was not understood, with the value used in its place
 */
record AuditSettings(
        @Nullable Path file,
        FlightRecorder flightRecorder,
        int capacity,
        long maxFileBytes,
        int maxFiles,
        String session,
        List<String> complaints) {
    static final String FILE = "dvm.audit.file";
    static final String JFR = "dvm.audit.jfr";
    static final String CAPACITY = "dvm.audit.capacity";
    static final String MAX_FILE_BYTES = "dvm.audit.maxFileBytes";
    static final String MAX_FILES = "dvm.audit.maxFiles";
    static final String SESSION = "dvm.session";

    enum FlightRecorder {
        OFF,
        ON
    }

    static AuditSettings fromSystemProperties() {
        List<String> complaints = new ArrayList<>();
        long capacity = number(CAPACITY, 1 << 16, 2, 1 << 24, complaints);
        return new AuditSettings(
                file(complaints),
                Boolean.getBoolean(JFR) ? FlightRecorder.ON : FlightRecorder.OFF,
                capacity == 2 ? 2 : Integer.highestOneBit((int) capacity - 1) << 1,
                number(MAX_FILE_BYTES, 64L << 20, 4096, Long.MAX_VALUE, complaints),
                (int) number(MAX_FILES, 10, 0, 100_000, complaints),
                System.getProperty(SESSION, newSession()),
                List.copyOf(complaints));
    }

    private static @Nullable Path file(List<String> complaints) {
        String fallback = "dvm-audit-%p.jsonl";
        String text = System.getProperty(FILE, fallback);
        if (text.equals("none")) {
            return null;
        }
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            return Path.of(text.replace("%p", pid)).toAbsolutePath();
        } catch (InvalidPathException e) {
            complaints.add(FILE + " is not a path: value=" + text + " used=" + fallback);
            return Path.of(fallback.replace("%p", pid)).toAbsolutePath();
        }
    }

    private static long number(String property, long fallback, long min, long max, List<String> complaints) {
        String text = System.getProperty(property);
        if (text == null) {
            return fallback;
        }
        try {
            long value = Long.parseLong(text.trim());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the range.
        }
        complaints.add(
                property + " must be a number from " + min + " to " + max + ": value=" + text + " used=" + fallback);
        return fallback;
    }

    /** Returns an identifier that two JVMs hardly share: time, process and a clock. */
    private static String newSession() {
        return Long.toString(System.currentTimeMillis(), 36)
                + '-'
                + Long.toString(ProcessHandle.current().pid(), 36)
                + '-'
                + Long.toString(System.nanoTime() & 0xFFFFFFL, 36);
    }
}

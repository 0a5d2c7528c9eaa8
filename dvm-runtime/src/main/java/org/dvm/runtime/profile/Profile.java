package org.dvm.runtime.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.dvm.runtime.ProbedMethod;

/**
 * The call counter: rewritten methods tell it when they are entered.
 *
 * <p>When the JVM ends the counts are written to the file that the system property {@code dvm.profile.file} names:
 * {@code dvm-profile-%p.json} by default, {@code %p} stands for the process id, {@code none} for nowhere; a name that
 * ends in {@code .txt} makes it a table for people.
 *
 * <p>Each thread counts in a table of its own, without atomic operations. Classes of one name in different class loaders
 * are counted together.
 *
 * <p><b>Threads:</b> all methods may be called by any thread at any time.
 *
 * @paper DVM 3.3
 */
public final class Profile {
    private static final LongAdder LOST = new LongAdder();
    private static final ThreadLocal<ThreadCounts> COUNTS = new ThreadLocal<>();
    private static final Registry REGISTRY = new Registry();

    static {
        dumpAtExit();
    }

    private Profile() {}

    /**
     * Counts one call. Never waits for other threads' counting and never throws.
     *
     * @param method the {@link ProbedMethod#key key} of the method
     */
    // Hot path: no allocation, no locks, no logging.
    public static void count(String method) {
        try {
            ThreadCounts counts = COUNTS.get();
            if (counts == null) {
                counts = newThreadCounts();
            }
            counts.count(method);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            // No stack or no heap left: the application's problem, and it shall meet it in its own code.
            LOST.increment();
        }
    }

    private static ThreadCounts newThreadCounts() {
        ThreadCounts counts = new ThreadCounts(Thread.currentThread());
        COUNTS.set(counts);
        REGISTRY.add(counts);
        return counts;
    }

    /** Sets the counter up now rather than at the first call. */
    public static void start() {
        // Initializing this class did it.
    }

    /**
     * Returns the counts by method: exact for threads that have ended or that the caller has synchronized with, recent
     * for the others.
     */
    public static Map<ProbedMethod, Long> snapshot() {
        Map<ProbedMethod, Long> result = new HashMap<>();
        REGISTRY.sums().forEach((key, count) -> result.merge(ProbedMethod.parse(key), count, Long::sum));
        return result;
    }

    /** Returns the number of calls that could not be counted for want of stack or heap. */
    public static long lost() {
        return LOST.sum();
    }

    /**
     * Writes the counts, most called first, beside the file and then moves them into place.
     *
     * @param file JSON, or a table if its name ends in {@code .txt}
     * @throws IOException if the file can't be written; an existing one is then as it was
     */
    public static void dump(Path file) throws IOException {
        ProfileFile.write(file, snapshot(), lost());
    }

    private static void dumpAtExit() {
        try {
            Thread hook = new Thread(null, Profile::dumpQuietly, "dvm-profile-dump", 0, false);
            hook.setContextClassLoader(null);
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            System.err.println("dvm: no call counts will be written: the JVM is already ending");
        }
    }

    private static void dumpQuietly() {
        String name = System.getProperty("dvm.profile.file", "dvm-profile-%p.json");
        if (name.equals("none")) {
            return;
        }
        try {
            dump(Path.of(
                    name.replace("%p", Long.toString(ProcessHandle.current().pid()))));
        } catch (IOException | RuntimeException e) {
            System.err.println(
                    "dvm: call counts could not be written: " + e + " (set dvm.profile.file to another file)");
        }
    }
}

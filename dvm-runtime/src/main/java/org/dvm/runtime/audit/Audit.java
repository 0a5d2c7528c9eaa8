package org.dvm.runtime.audit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.dvm.runtime.ProbedMethod;
import org.dvm.runtime.security.Denial;
import org.jspecify.annotations.Nullable;

/**
 * The audit collector: rewritten methods tell it when they are entered and left.
 *
 * <p>It is set up by system properties, read when the first event arrives:
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>property</th><th>meaning</th><th>default</th></tr>
 * <tr><td>{@code dvm.audit.file}</td><td>file of JSON lines, {@code %p} stands for the process id; {@code none}</td>
 *     <td>{@code dvm-audit-%p.jsonl}</td></tr>
 * <tr><td>{@code dvm.audit.jfr}</td><td>{@code true}: events also go to Flight Recorder as {@code org.dvm.Audit}</td>
 *     <td>{@code false}</td></tr>
 * <tr><td>{@code dvm.audit.capacity}</td><td>events that wait to be written at most; rounded up to a power of two</td>
 *     <td>65536</td></tr>
 * <tr><td>{@code dvm.audit.maxFileBytes}</td><td>size at which the file is put aside as {@code FILE.1},
 *     {@code FILE.2}...</td><td>64 MiB</td></tr>
 * <tr><td>{@code dvm.audit.maxFiles}</td><td>files put aside that are kept</td><td>10</td></tr>
 * <tr><td>{@code dvm.session}</td><td>name of this run, in every event</td><td>time and process</td></tr>
 * </table>
 *
 * <p>A probe never waits, never throws and allocates nothing: what doesn't fit is dropped and counted, and the counts
 * are in the file. Events of the writer's own thread are ignored, so that auditing can't feed on itself.
 *
 * <p><b>Threads:</b> all methods may be called by any thread at any time, also while classes are loaded, from
 * finalizers, and when stack or heap are exhausted.
 *
 * @paper DVM 3.3
 */
public final class Audit {
    /** Denials that wait to be written at most. */
    private static final int MAX_DENIALS = 4_096;

    private static final LongAdder LOST = new LongAdder();
    private static final @Nullable Collector COLLECTOR = Collector.start();

    private Audit() {}

    /**
     * A method was entered.
     *
     * @param method its {@link ProbedMethod#key key}
     */
    public static void enter(String method) {
        record(EventFormat.ENTER, "enter", method, null);
    }

    /**
     * A method returns.
     *
     * @param method its {@link ProbedMethod#key key}
     */
    public static void exit(String method) {
        record(EventFormat.EXIT, "exit", method, null);
    }

    /**
     * An exception leaves a method.
     *
     * @param method its {@link ProbedMethod#key key}
     * @param thrown the exception
     */
    public static void thrown(String method, Throwable thrown) {
        record(EventFormat.THROW, "throw", method, thrown);
    }

    /**
     * The enforcement manager denied an access. These events have a queue of their own, which a flood of others can't
     * fill; who denies limits their rate.
     *
     * @param denial what was denied
     * @param suppressed how many denials by the same rule weren't reported since the last one that was
     */
    public static void denied(Denial denial, long suppressed) {
        Collector collector = COLLECTOR;
        if (collector != null) {
            collector.denied(denial, suppressed);
        }
    }

    /** Sets the collector up now rather than at the first event. */
    public static void start() {
        // Initializing this class did it.
    }

    /** Returns the number of events written to the file so far. */
    public static long written() {
        Collector collector = COLLECTOR;
        return collector == null || collector.writer == null ? 0 : collector.writer.written();
    }

    /** Returns the number of events lost so far: the buffer was full, or the file could not be written. */
    public static long lost() {
        return LOST.sum();
    }

    /**
     * Waits until the events recorded so far are in the file.
     *
     * @return whether they are; false where the time is over or the thread was interrupted
     */
    public static boolean flush(long timeout, TimeUnit unit) {
        Collector collector = COLLECTOR;
        return collector == null || collector.writer == null || collector.writer.awaitWritten(timeout, unit);
    }

    // Hot path: no allocation, no locks, no logging.
    private static void record(byte kind, String kindName, String method, @Nullable Throwable thrown) {
        final Collector collector = COLLECTOR;
        if (collector == null) {
            return; // set-up failed and said so, or is this thread's business right now
        }
        try {
            collector.record(
                    kind,
                    kindName,
                    method,
                    thrown == null ? null : thrown.getClass().getName());
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            // No stack or no heap left: the application's problem, and it shall meet it in its own code.
            LOST.increment();
        }
    }

    /** What exists once in a JVM; a class of its own so that a failure in it leaves {@link Audit} usable. */
    private static final class Collector {
        final @Nullable EventRing ring;
        final @Nullable EventRing denials;
        final @Nullable AuditWriter writer;
        final @Nullable Thread writerThread;
        final AuditSettings.FlightRecorder flightRecorder;

        private Collector(
                @Nullable EventRing ring,
                @Nullable EventRing denials,
                @Nullable AuditWriter writer,
                @Nullable Thread writerThread,
                AuditSettings.FlightRecorder flightRecorder) {
            this.ring = ring;
            this.denials = denials;
            this.writer = writer;
            this.writerThread = writerThread;
            this.flightRecorder = flightRecorder;
        }

        static @Nullable Collector start() {
            try {
                AuditSettings settings = AuditSettings.fromSystemProperties();
                for (String complaint : settings.complaints()) {
                    System.err.println("dvm: " + complaint);
                }
                AuditSettings.FlightRecorder flightRecorder = flightRecorder(settings);
                if (settings.file() == null) {
                    return new Collector(null, null, null, null, flightRecorder);
                }
                linkCallSites();
                EventRing ring = new EventRing(settings.capacity());
                RotatingFile file = new RotatingFile(settings.file(), settings.maxFileBytes(), settings.maxFiles());
                EventRing denials = new EventRing(MAX_DENIALS);
                AuditWriter writer = new AuditWriter(ring, denials, file, settings, LOST);
                Thread thread = daemon(writer, "dvm-audit-writer");
                thread.start();
                flushAtExit(writer);
                return new Collector(ring, denials, writer, thread, flightRecorder);
            } catch (RuntimeException | LinkageError | VirtualMachineError e) {
                System.err.println("dvm: auditing is off, its collector could not start: " + e);
                return null;
            }
        }

        private static AuditSettings.FlightRecorder flightRecorder(AuditSettings settings) {
            if (settings.flightRecorder() == AuditSettings.FlightRecorder.ON) {
                try {
                    JfrEvent.emit("session", settings.session(), null);
                    return AuditSettings.FlightRecorder.ON;
                } catch (NoClassDefFoundError e) {
                    System.err.println(
                            "dvm: no audit events in Flight Recorder: add --add-modules jdk.jfr (" + e + ")");
                } catch (LinkageError e) {
                    System.err.println("dvm: no audit events in Flight Recorder, it refuses them: " + e);
                }
            }
            return AuditSettings.FlightRecorder.OFF;
        }

        /** Links every call of the hot path, which takes far more stack than running it. */
        private static void linkCallSites() {
            EventRing ring = new EventRing(2);
            ring.offer(EventFormat.ENTER, System.nanoTime(), Thread.currentThread(), "", null);
            ring.poll(new EventRing.Event());
        }

        private static void flushAtExit(AuditWriter writer) {
            try {
                Runtime.getRuntime()
                        .addShutdownHook(daemon(() -> writer.awaitWritten(10, TimeUnit.SECONDS), "dvm-audit-flush"));
            } catch (IllegalStateException e) {
                // The JVM is already ending: the writer writes what it can.
            }
        }

        private static Thread daemon(Runnable task, String name) {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group != null && group.getParent() != null) {
                group = group.getParent();
            }
            Thread thread = new Thread(group, task, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        }

        void denied(Denial denial, long suppressed) {
            final EventRing denials = this.denials;
            String text = EventFormat.denial(denial, suppressed);
            if (denials != null
                    && !denials.offer(EventFormat.DENIED, System.nanoTime(), Thread.currentThread(), text, null)) {
                LOST.increment();
            }
            if (flightRecorder == AuditSettings.FlightRecorder.ON) {
                JfrEvent.emit("denied", denial.toString(), null);
            }
        }

        void record(byte kind, String kindName, String method, @Nullable String thrown) {
            final Thread thread = Thread.currentThread();
            if (thread == writerThread) {
                return;
            }
            final EventRing ring = this.ring;
            if (ring != null && !ring.offer(kind, System.nanoTime(), thread, method, thrown)) {
                LOST.increment();
            }
            if (flightRecorder == AuditSettings.FlightRecorder.ON) {
                JfrEvent.emit(kindName, method, thrown);
            }
        }
    }
}

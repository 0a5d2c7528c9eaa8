package org.dvm.runtime.audit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.dvm.runtime.ProbedMethod;
import org.dvm.runtime.json.JsonText;
import org.dvm.runtime.security.Denial;
import org.jspecify.annotations.Nullable;

/**
 * Events as lines of JSON.
 *
 * <p><b>Threads:</b> one.
 */
final class EventFormat {
    static final byte ENTER = 1;
    static final byte EXIT = 2;
    static final byte THROW = 3;
    static final byte DENIED = 4;

    private static final int CACHED_METHODS = 1 << 16;
    private static final String[] KINDS = {"", "enter", "exit", "throw", "denied"};

    /** {@code Thread.threadId()}, which subclasses can't override; null before Java 19. */
    private static final @Nullable MethodHandle THREAD_ID = threadIdMethod();

    private final byte[] session;
    private final long epochSecondAtStart;
    private final long nanosOfSecondAtStart;
    private final long nanoTimeAtStart;
    private final Map<String, byte[]> methods = new HashMap<>();
    private final JsonText second = new JsonText(32);
    private long secondShown = Long.MIN_VALUE;

    /**
     * Makes a format whose times are the clock's at the start plus what the monotonic clock has run since, so that they
     * never go back.
     */
    EventFormat(String session, Instant clockAtStart, long nanoTimeAtStart) {
        this.session = new JsonText(32).string(session).toByteArray();
        this.epochSecondAtStart = clockAtStart.getEpochSecond();
        this.nanosOfSecondAtStart = clockAtStart.getNano();
        this.nanoTimeAtStart = nanoTimeAtStart;
    }

    /** Appends the line of an event. */
    void event(EventRing.Event event, JsonText out) {
        head(event.nanoTime, KINDS[event.kind], out);
        if (event.kind == DENIED) {
            out.raw(String.valueOf(event.method).getBytes(StandardCharsets.UTF_8))
                    .raw("}\n");
            return;
        }
        Thread thread = event.thread;
        if (thread != null) {
            out.raw(",\"thread\":")
                    .string(thread.getName())
                    .raw(",\"threadId\":")
                    .number(threadId(thread));
        }
        String method = event.method;
        if (method != null) {
            out.raw(method(method));
        }
        String thrown = event.thrown;
        if (thrown != null) {
            out.raw(",\"exception\":").string(thrown);
        }
        out.raw("}\n");
    }

    /** Returns what the line of a denial says besides its head. */
    static String denial(Denial denial, long suppressed) {
        byte[] text = new JsonText(256)
                .raw(",\"subject\":")
                .string(denial.subject())
                .raw(",\"permission\":")
                .string(denial.permission())
                .raw(",\"objectKind\":")
                .string(denial.kind().name())
                .raw(",\"object\":")
                .string(denial.object())
                .raw(",\"rule\":")
                .string(denial.rule())
                .raw(",\"epoch\":")
                .number(denial.epoch())
                .raw(",\"suppressed\":")
                .number(suppressed)
                .toByteArray();
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Appends the line that opens a session: who runs what on which machine. */
    void sessionStart(long nanoTime, JsonText out) {
        head(nanoTime, "session", out);
        out.raw(",\"pid\":").number(ProcessHandle.current().pid());
        property("user", "user.name", out);
        property("os", "os.name", out);
        property("osVersion", "os.version", out);
        property("arch", "os.arch", out);
        property("java", "java.version", out);
        property("vm", "java.vm.name", out);
        out.raw(",\"processors\":").number(Runtime.getRuntime().availableProcessors());
        out.raw(",\"maxHeapBytes\":").number(Runtime.getRuntime().maxMemory());
        out.raw("}\n");
    }

    /** Appends a line with the counts so far; written when events were lost and when the JVM ends. */
    void totals(long nanoTime, String kind, long written, long lost, JsonText out) {
        head(nanoTime, kind, out);
        out.raw(",\"written\":").number(written).raw(",\"lost\":").number(lost).raw("}\n");
    }

    private static void property(String name, String property, JsonText out) {
        out.raw(",\"").raw(name).raw("\":").string(System.getProperty(property, ""));
    }

    private void head(long nanoTime, String kind, JsonText out) {
        long elapsed = nanoTime - nanoTimeAtStart;
        long nanos = nanosOfSecondAtStart + elapsed;
        long epochSecond = epochSecondAtStart + Math.floorDiv(nanos, 1_000_000_000L);
        if (epochSecond != secondShown) {
            showSecond(epochSecond);
        }
        out.raw("{\"time\":\"").raw(second);
        out.digits((int) Math.floorMod(nanos, 1_000_000_000L), 9);
        out.raw("Z\",\"ns\":").number(elapsed).raw(",\"session\":").raw(session);
        out.raw(",\"kind\":\"").raw(kind).raw("\"");
    }

    private void showSecond(long epochSecond) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        second.clear();
        second.digits(time.getYear(), 4)
                .raw("-")
                .digits(time.getMonthValue(), 2)
                .raw("-");
        second.digits(time.getDayOfMonth(), 2)
                .raw("T")
                .digits(time.getHour(), 2)
                .raw(":");
        second.digits(time.getMinute(), 2).raw(":").digits(time.getSecond(), 2).raw(".");
        secondShown = epochSecond;
    }

    private byte[] method(String key) {
        byte[] text = methods.get(key);
        if (text == null) {
            ProbedMethod method = ProbedMethod.parse(key);
            text = new JsonText(128)
                    .raw(",\"class\":")
                    .string(method.className())
                    .raw(",\"method\":")
                    .string(method.name())
                    .raw(",\"descriptor\":")
                    .string(method.descriptor())
                    .toByteArray();
            if (methods.size() < CACHED_METHODS) {
                methods.put(key, text);
            }
        }
        return text;
    }

    /**
     * Returns the thread's id. Before Java 19 {@code getId} can be overridden, and an application's override must not
     * run here: threads of foreign classes then get a negative number made of their identity.
     */
    private static long threadId(Thread thread) {
        try {
            if (THREAD_ID != null) {
                return (long) THREAD_ID.invokeExact(thread);
            }
        } catch (Throwable e) {
            throw new AssertionError(e); // Thread.threadId throws nothing
        }
        return thread.getClass().getClassLoader() == null
                ? overridableId(thread)
                : -1L - System.identityHashCode(thread);
    }

    @SuppressWarnings("deprecation") // its successor is newer than our baseline
    private static long overridableId(Thread thread) {
        return thread.getId();
    }

    private static @Nullable MethodHandle threadIdMethod() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "threadId", MethodType.methodType(long.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}

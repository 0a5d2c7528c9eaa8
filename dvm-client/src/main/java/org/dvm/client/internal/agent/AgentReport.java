package org.dvm.client.internal.agent;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.dvm.core.pipeline.Note;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.runtime.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * What the agent did with each class and why: one JSON line a class, and sums at the end. Refused classes are also said
 * on standard error, for whoever wonders why the application fails.
 *
 * <p><b>Threads:</b> safe to share.
 */
final class AgentReport {
    /** What became of a class. */
    enum Outcome {
        /** Rewritten by a filter, or replaced. */
        TRANSFORMED,
        /** Looked at, nothing to do. */
        UNCHANGED,
        /** Not allowed to run. */
        REFUSED,
        /** Not looked at, or not changeable; the line says why. */
        SKIPPED
    }

    /** What becomes of a report that is there already. */
    enum FileUse {
        /** It is replaced. */
        BEGIN,
        /** It goes on. */
        APPEND
    }

    private static final int REFUSALS_SAID = 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);
    private final @Nullable OutputStream out;
    private boolean broken;
    private int buffered;

    private AgentReport(@Nullable OutputStream out) {
        this.out = out;
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    static AgentReport open(AgentOptions options, FileUse use) throws IOException {
        Path file = options.report();
        if (file != null) {
            OpenOption whole = use == FileUse.BEGIN ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
            return new AgentReport(new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, whole),
                    BUFFER_BYTES));
        }
        return new AgentReport(options.reportToConsole() ? System.err : null);
    }

    /** Reports what the pipeline made of a class. */
    void processed(TransformResult result, @Nullable ClassLoader loader) {
        switch (result.status()) {
            case CHANGED, REPLACED -> counter(Outcome.TRANSFORMED).increment();
            case UNCHANGED -> counter(Outcome.UNCHANGED).increment();
            case FAILED -> {
                counter(Outcome.REFUSED).increment();
                sayRefusal(result);
            }
        }
        if (out != null) {
            JsonText line = head(
                    String.valueOf(result.className()),
                    loader,
                    switch (result.status()) {
                        case CHANGED, REPLACED -> Outcome.TRANSFORMED;
                        case UNCHANGED -> Outcome.UNCHANGED;
                        case FAILED -> Outcome.REFUSED;
                    });
            if (!result.trail().isEmpty()) {
                line.field("done", result.trail().stream().map(Note::toString).toList());
            }
            if (!result.findings().isEmpty()) {
                line.field(
                        "findings",
                        result.findings().stream().map(Object::toString).toList());
            }
            write(line.endObject().endLine());
        }
    }

    /** Reports a class that stays as it is although it was meant. */
    void skipped(String className, @Nullable ClassLoader loader, String why) {
        counter(Outcome.SKIPPED).increment();
        if (out != null) {
            write(head(className, loader, Outcome.SKIPPED)
                    .field("why", why)
                    .endObject()
                    .endLine());
        }
    }

    /** Says something that concerns no single class. */
    void say(String message) {
        System.err.println("dvm: " + message.replaceAll("\\p{Cntrl}", "?")); // names of classes are the application's
    }

    /** Writes the sums. */
    void end(long hiddenClasses) {
        if (out != null) {
            JsonText line = new JsonText().beginObject().beginObject("sums");
            counts.forEach(
                    (outcome, count) -> line.field(outcome.name().toLowerCase(java.util.Locale.ROOT), count.sum()));
            line.field("hiddenNotSeen", hiddenClasses);
            write(line.endObject().endObject().endLine());
            flush();
        }
    }

    /** Returns how many classes had this outcome so far. */
    long count(Outcome outcome) {
        return counter(outcome).sum();
    }

    private LongAdder counter(Outcome outcome) {
        return requireNonNull(counts.get(outcome), outcome.name());
    }

    private void sayRefusal(TransformResult result) {
        long refused = count(Outcome.REFUSED);
        if (refused <= REFUSALS_SAID) {
            say("refused " + result.className() + ": " + result.firstError());
        } else if (refused == REFUSALS_SAID + 1) {
            say("more classes were refused; the agent's option report=FILE lists them all");
        }
    }

    private static JsonText head(String className, @Nullable ClassLoader loader, Outcome outcome) {
        return new JsonText()
                .beginObject()
                .field("class", className.replace('/', '.'))
                .field("loader", loader == null ? "boot" : loaderName(loader))
                .field("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** Names a loader without running its code. */
    private static String loaderName(ClassLoader loader) {
        String name = loader.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(loader));
        return loader == ClassLoader.getSystemClassLoader() ? "app" : name;
    }

    private synchronized void write(JsonText line) {
        OutputStream to = out;
        if (to != null && !broken) {
            try {
                if (buffered + line.length() > BUFFER_BYTES) {
                    to.flush(); // between lines, so that who is killed leaves whole ones
                    buffered = 0;
                }
                to.write(line.array(), 0, line.length());
                buffered += line.length();
            } catch (IOException e) {
                broken = true;
                say("the report can't be written any further: " + e);
            }
        }
    }

    private synchronized void flush() {
        OutputStream to = out;
        if (to != null && !broken) {
            try {
                to.flush();
            } catch (IOException e) {
                say("the report is incomplete: " + e);
            }
        }
    }
}

package org.dvm.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.JvmRelease;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.edit.ClassEdits;
import org.dvm.core.edit.ClassWriter;
import org.dvm.core.edit.EditException;
import org.dvm.core.edit.MethodEdits;
import org.dvm.core.edit.Snippet;
import org.dvm.core.edit.Value;
import org.dvm.core.finding.Finding;
import org.jspecify.annotations.Nullable;

/**
 * What every input must bear, whatever it holds: reading and checking, and with what passes, writing with probes - each
 * with findings as the only complaint, within bounds of time and memory.
 */
final class HostileInput {
    private static final String PROBE = "org/dvm/Probe";

    /** Memory that an input may take whatever its size: fifty findings three times over, and their texts. */
    private static final long ALLOWANCE_BYTES = 256 << 10;

    private static final long ALLOWED_BYTES_PER_BYTE = 50;
    private static final long ALLOWED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Whether memory counts: not under a fuzzer, whose hooks allocate on our thread. */
    enum Memory {
        WATCHED,
        UNWATCHED
    }

    private final Memory memory;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int accepted;
    private long worstNanos;
    private double worstFactor;
    private long rendered;

    HostileInput(Memory memory) {
        this.memory = memory;
    }

    /** Bears one input, or throws an error that tells what happened. */
    void bear(byte[] input) {
        Cost cost = measure(input);
        String excess = excess(input, cost);
        if (!excess.isEmpty()) {
            cost = measure(input); // what the JVM does once, such as loading a class, isn't the input's fault
            excess = excess(input, cost);
        }
        if (!excess.isEmpty()) {
            throw new AssertionError(excess);
        }
        accepted += cost.passed ? 1 : 0;
        worstNanos = Math.max(worstNanos, cost.nanos);
        if (cost.bytes > ALLOWANCE_BYTES) {
            worstFactor = Math.max(worstFactor, (double) cost.bytes / input.length);
        }
    }

    private record Cost(boolean passed, long nanos, long bytes) {}

    private Cost measure(byte[] input) {
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long nanos = threads.getCurrentThreadCpuTime();
        RawClass raw = read(input);
        if (raw != null) {
            write(raw);
        }
        return new Cost(
                raw != null,
                threads.getCurrentThreadCpuTime() - nanos,
                threads.getCurrentThreadAllocatedBytes() - bytes);
    }

    private String excess(byte[] input, Cost cost) {
        if (cost.nanos > ALLOWED_NANOS) {
            return input.length + " bytes took " + cost.nanos / 1_000_000 + " ms";
        }
        boolean tooMuch = cost.bytes > ALLOWANCE_BYTES + ALLOWED_BYTES_PER_BYTE * input.length;
        return tooMuch && memory == Memory.WATCHED ? input.length + " bytes took " + cost.bytes + " of memory" : "";
    }

    private @Nullable RawClass read(byte[] input) {
        List<Finding> findings = FormatChecker.examine(input, JvmRelease.NEWEST);
        try {
            RawClass raw = FormatChecker.read(input);
            if (!findings.isEmpty()) {
                throw new AssertionError("read passes what examine refuses: " + findings);
            }
            return raw;
        } catch (ClassFormatException e) {
            if (findings.isEmpty()) {
                throw new AssertionError("read refuses what examine passes", e);
            }
            render(findings);
            readModule(input);
            return null;
        }
    }

    private void readModule(byte[] input) {
        try {
            FormatChecker.readModule(input);
        } catch (ClassFormatException e) {
            render(e.findings());
        }
    }

    private void write(RawClass raw) {
        ClassEdits edits = new ClassEdits(raw);
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.method(i).codeOffset() >= 0) {
                MethodEdits method = edits.method(i);
                method.atEntry(Snippet.call(PROBE, "enter", "(I)V", Value.of(i)));
                method.atEveryExit(Snippet.call(PROBE, "exit", "(I)V", Value.of(i)));
                method.atBackEdges(Snippet.call(PROBE, "back", "()V"));
            }
        }
        try {
            RawClass.parse(ClassWriter.write(edits));
        } catch (EditException e) {
            render(e.findings());
        } catch (ClassFormatException e) {
            throw new AssertionError("what was written can't be read", e);
        }
    }

    /** Messages are made of hostile texts, too. */
    private void render(List<Finding> findings) {
        for (Finding finding : findings) {
            rendered += finding.toString().length();
        }
    }

    int accepted() {
        return accepted;
    }

    @Override
    public String toString() {
        return accepted + " passed the format check, the others got " + rendered
                + " characters of findings; the slowest took " + worstNanos / 1000
                + " us of CPU time; memory at most " + Math.round(worstFactor) + " times the input where above "
                + (ALLOWANCE_BYTES >> 10) + " KB";
    }
}

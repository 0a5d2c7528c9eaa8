package org.dvm.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.dvm.core.finding.Finding;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.pipeline.TransformPipeline;

/**
 * What every archive must bear, whatever it holds: it is rewritten or refused with findings, within bounds of time and
 * memory; of an output all readers see the same entries, and no class that the filter didn't see.
 */
final class HostileArchive {
    static final String MARK = "hello";

    /** Up to 1 MiB an entry may unpack to from next to nothing. */
    private static final long ALLOWANCE_BYTES = 8 << 20;

    private static final long ALLOWED_BYTES_PER_BYTE = 50;
    private static final long ALLOWED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HostileInput.Memory memory;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Rewriter rewriter = Rewriter.of(TransformPipeline.of(new Shout()));
    private final Path file;
    private int accepted;
    private long worstNanos;
    private long worstBytes;

    /** Makes a test that writes outputs to a file. */
    HostileArchive(HostileInput.Memory memory, Path file) {
        this.memory = memory;
        this.file = file;
    }

    /** Bears one archive, or throws an error that tells what happened. */
    void bear(byte[] archive) {
        try {
            Cost cost = measure(archive);
            if (!excess(archive, cost).isEmpty()) {
                cost = measure(archive); // what the JVM does once, such as loading a class, isn't the input's fault
            }
            if (!excess(archive, cost).isEmpty()) {
                throw new AssertionError(excess(archive, cost));
            }
            worstNanos = Math.max(worstNanos, cost.nanos);
            worstBytes = Math.max(worstBytes, cost.bytes);
            if (cost.report.outcome() == RewriteReport.Outcome.FAILED) {
                checkRefused(cost.report, cost.out);
            } else {
                checkOutput(cost.out.toByteArray());
                accepted++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Cost(RewriteReport report, ByteArrayOutputStream out, long nanos, long bytes) {}

    private Cost measure(byte[] archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long nanos = threads.getCurrentThreadCpuTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        RewriteReport report = rewriter.rewrite(new ByteArrayInputStream(archive), "in.jar", out);
        bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
        nanos = threads.getCurrentThreadCpuTime() - nanos;
        return new Cost(report, out, nanos, bytes);
    }

    private String excess(byte[] archive, Cost cost) {
        if (cost.nanos > ALLOWED_NANOS) {
            return archive.length + " bytes took " + cost.nanos / 1_000_000 + " ms";
        }
        boolean tooMuch = cost.bytes > ALLOWANCE_BYTES + ALLOWED_BYTES_PER_BYTE * archive.length;
        return tooMuch && memory == HostileInput.Memory.WATCHED
                ? archive.length + " bytes took " + cost.bytes + " of memory"
                : "";
    }

    private static void checkRefused(RewriteReport report, ByteArrayOutputStream out) {
        List<Finding> findings = report.allFindings();
        if (findings.isEmpty() || findings.toString().isEmpty() || out.size() > 0) {
            throw new AssertionError("refused with " + findings + " and " + out.size() + " bytes of output");
        }
    }

    private void checkOutput(byte[] out) throws IOException {
        List<String> listed = new ArrayList<>();
        Files.write(file, out);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                listed.add(entry.getName());
                try (InputStream in = zip.getInputStream(entry)) {
                    checkFiltered(entry, in.readAllBytes());
                }
            }
        }
        List<String> streamed = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(out))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                streamed.add(entry.getName());
                checkFiltered(entry, in.readAllBytes());
            }
        }
        boolean seesNothing =
                text(out).startsWith("#!") && streamed.isEmpty(); // streams don't look behind a start script
        if (!listed.equals(streamed) && !seesNothing) {
            throw new AssertionError("readers see " + listed + " and " + streamed);
        }
    }

    private static void checkFiltered(ZipEntry entry, byte[] content) {
        if (entry.getName().endsWith(".class") && text(content).contains(MARK)) {
            throw new AssertionError("a class passed the filter by: " + entry.getName());
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    int accepted() {
        return accepted;
    }

    @Override
    public String toString() {
        return accepted + " were rewritten, the others refused; the slowest took " + worstNanos / 1000
                + " us of CPU time, the largest " + (worstBytes >> 10) + " KB of memory";
    }

    /** Changes the mark in every class that has it. */
    private static final class Shout implements ClassTransformer {
        @Override
        public String name() {
            return "shout";
        }

        @Override
        public String fingerprint() {
            return "1";
        }

        @Override
        public void transform(ClassUnit unit, TransformContext context) {
            String text = text(unit.raw().bytes());
            if (text.contains(MARK)) {
                context.replaceClass(text.replace(MARK, "HELLO").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}

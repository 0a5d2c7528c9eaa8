package org.dvm.jmh.jar;

import java.nio.file.Path;
import org.dvm.core.jar.RewriteReport;
import org.dvm.core.jar.Rewriter;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.jmh.engine.DvmContender;
import org.dvm.jmh.engine.Task;

/**
 * DVM's rewriter with format check; what has no code is copied as it is packed.
 *
 * @param threads how many threads work
 */
record DvmJar(int threads) implements JarContender {
    private static final TransformPipeline PROBES = TransformPipeline.of(DvmContender.filter(Task.ENTRY_AND_EXIT, 0));

    @Override
    public String name() {
        return "DVM, " + (threads == 1 ? "one thread" : threads + " threads");
    }

    @Override
    public void rewrite(Path in, Path out) throws Exception {
        RewriteReport report = Rewriter.of(PROBES).withJobs(threads).rewrite(in, out);
        if (report.outcome() != RewriteReport.Outcome.REWRITTEN) {
            throw new IllegalStateException(in + ": " + report.outcome() + " " + report.findings());
        }
    }
}

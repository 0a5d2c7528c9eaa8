package org.dvm.jmh.pipeline;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.jmh.engine.BuildCorpus;
import org.dvm.jmh.engine.Corpus;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Services in a pipeline over a whole corpus: with findings, notes and results, as a user gets them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsAppend = "-Xmx2g")
public class PipelineBenchmark {
    /** The services, in order. */
    @Param({"none", "profile", "audit", "audit,profile", "verify", "verify,audit,profile"})
    public String services = "none";

    /** How many classes of the build's corpus. */
    @Param("2000")
    public int classes;

    private TransformPipeline pipeline = TransformPipeline.of();
    private List<byte[]> classFiles = List.of();

    /** Reads the classes, and checks that the services do to them what they should. */
    @Setup
    public void prepare() throws Exception {
        classFiles = Corpus.of(BuildCorpus.jars(), classes).classFiles();
        List<String> names = services.equals("none") ? List.of() : List.of(services.split(","));
        pipeline = Services.load(PipelineBenchmark.class.getClassLoader()).pipeline(names, Map.of());
        int changed = 0;
        for (byte[] classFile : classFiles) {
            TransformResult result = pipeline.process(classFile);
            if (result.status() == Status.FAILED) {
                throw new IllegalStateException(result.findings().toString());
            }
            changed += result.isIdentity() ? 0 : 1;
        }
        if (!services.equals("none") && changed < classFiles.size() / 2) {
            throw new IllegalStateException(services + " changed " + changed + " of " + classFiles.size());
        }
    }

    /** Sends every class through the pipeline. */
    @Benchmark
    public void corpus(Blackhole hole) {
        for (byte[] classFile : classFiles) {
            hole.consume(pipeline.process(classFile));
        }
    }
}

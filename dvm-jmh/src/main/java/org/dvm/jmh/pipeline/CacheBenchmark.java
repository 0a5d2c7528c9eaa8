package org.dvm.jmh.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.dvm.core.cache.CachedProcessor;
import org.dvm.core.cache.DiskCache;
import org.dvm.core.cache.MemoryCache;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.pipeline.Services;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.repository.ClassRepository;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A look-up of what was transformed before, beside transforming it again: a corpus of classes, all of them hits. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsAppend = "-Xmx2g")
public class CacheBenchmark {
    private static final long CAPACITY_BYTES = 1L << 30;

    /** Where results are kept. */
    @Param({"none", "memory", "disk"})
    public String cache = "none";

    /** How many classes of the build's corpus. */
    @Param("500")
    public int classes;

    private ClassProcessor processor = TransformPipeline.of();
    private List<byte[]> classFiles = List.of();
    private Path directory = Path.of("");

    /** Fills the cache, and checks that it gives back what the pipeline makes. */
    @Setup
    public void prepare() throws IOException {
        classFiles = Corpus.of(BuildCorpus.jars(), classes).classFiles();
        directory = Files.createTempDirectory("dvm-bench");
        TransformPipeline pipeline =
                Services.load(CacheBenchmark.class.getClassLoader()).pipeline(List.of("audit", "profile"), Map.of());
        processor = switch (cache) {
            case "none" -> pipeline;
            case "memory" -> CachedProcessor.of(pipeline, new MemoryCache(CAPACITY_BYTES));
            case "disk" -> CachedProcessor.of(pipeline, DiskCache.open(directory, CAPACITY_BYTES));
            default -> throw new IllegalArgumentException("no such cache: " + cache);
        };
        classFiles.forEach(this::process);
        for (byte[] classFile : classFiles) {
            if (!Arrays.equals(process(classFile), pipeline.process(classFile).output())) {
                throw new IllegalStateException("the cache gives something else than the pipeline");
            }
        }
    }

    /** Deletes the cache. */
    @TearDown
    public void delete() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private byte[] process(byte[] classFile) {
        return processor.process(classFile, "bench", ClassRepository.EMPTY).output();
    }

    /** Asks for every class. */
    @Benchmark
    public void corpus(Blackhole hole) {
        for (byte[] classFile : classFiles) {
            hole.consume(process(classFile));
        }
    }
}

package org.dvm.jmh.jar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

/** A jar of about 10 MB from file to file, every method probed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 3, jvmArgsAppend = "-Xmx2g")
public class JarBenchmark {
    private static final int LINKED_SHARE = 16;

    /** Who does it: DVM with a number of threads, or ASM between the halves of java.util.zip. */
    @Param({"1", "2", "ASM"})
    public String threads = "1";

    private JarContender contender = new AsmJar();
    private Path jar = Path.of("");
    private Path out = Path.of("");

    /** Rewrites once and checks the result. */
    @Setup
    public void prepare() throws Exception {
        jar = JarBench.usual();
        out = Files.createTempFile("dvm-bench", ".jar");
        contender = threads.equals("ASM") ? new AsmJar() : new DvmJar(Integer.parseInt(threads));
        contender.rewrite(jar, out);
        if (JarCheck.linked(jar, out, LINKED_SHARE) == 0) {
            throw new IllegalStateException("no class of the output was linked");
        }
    }

    /** Deletes what was written. */
    @TearDown
    public void delete() throws IOException {
        Files.deleteIfExists(out);
    }

    /** Rewrites the jar. */
    @Benchmark
    public Path rewrite() throws Exception {
        contender.rewrite(jar, out);
        return out;
    }
}

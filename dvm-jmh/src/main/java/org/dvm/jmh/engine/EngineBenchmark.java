package org.dvm.jmh.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dvm.testkit.Jdks;
import org.dvm.testkit.oracle.HotSpotOracle;
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

/** A task of the engine, done to a whole corpus once; the same for a contender. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsAppend = "-Xmx2g")
public class EngineBenchmark {
    /** What is done. */
    @Param({"ENTRY_AND_EXIT", "CALLS", "ONE_IN_16", "FOUR_FILTERS", "UNTOUCHED"})
    public Task task = Task.ENTRY_AND_EXIT;

    /** Who does it. */
    @Param({"DVM", "ASM"})
    public String contender = "DVM";

    /** How many classes of the build's corpus. */
    @Param("2000")
    public int classes;

    private Contender chosen = new DvmContender();
    private List<byte[]> classFiles = List.of();

    /** Reads the classes, and has a JVM link a share of what the contender makes of them. */
    @Setup
    public void prepare() throws Exception {
        Corpus corpus = Corpus.of(BuildCorpus.jars(), classes);
        classFiles = corpus.classFiles();
        chosen = contender(contender, corpus);
        if (!chosen.canDo(task)) {
            throw new IllegalArgumentException(contender + " can't do " + task);
        }
        try (HotSpotOracle oracle = HotSpotOracle.start(Jdks.current(), corpus.world(), "-Xmx1g")) {
            List<byte[]> linkable = Judge.linkable(corpus.every(Judge.SHARE, task.ordinal()), oracle);
            int refused = Judge.refused(chosen, task, linkable, oracle);
            if (linkable.isEmpty() || refused > 0) {
                throw new IllegalStateException("of " + linkable.size() + " classes a JVM refuses " + refused);
            }
        }
    }

    private static Contender contender(String name, Corpus corpus) throws Exception {
        return switch (name) {
            case "DVM" -> new DvmContender();
            case "ASM" -> new AsmContender();
            case "Javassist" -> new JavassistContender();
            case "ByteBuddy" -> new ByteBuddyContender(corpus);
            case "ClassFile" ->
                ClassFileApiContender.find()
                        .orElseThrow(() -> new IllegalArgumentException("this JDK has no ClassFile API"));
            default ->
                throw new IllegalArgumentException(
                        "no such contender: " + name + "; there are DVM, ASM, Javassist, ByteBuddy, ClassFile");
        };
    }

    /** Does the task to every class. */
    @Benchmark
    public void corpus(Blackhole hole) throws Exception {
        for (byte[] classFile : classFiles) {
            hole.consume(chosen.transform(classFile, task));
        }
    }
}

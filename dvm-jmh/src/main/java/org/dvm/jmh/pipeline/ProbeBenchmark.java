package org.dvm.jmh.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.dvm.core.pipeline.Services;
import org.dvm.runtime.audit.Audit;
import org.dvm.runtime.profile.Profile;
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

/**
 * What a call costs with its probes: a small method, rewritten by the real filters and loaded. Audit events come faster
 * than any file takes them, so that most are counted as lost; it is the caller's time that is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-Ddvm.profile.file=none")
public class ProbeBenchmark {
    /** The services that have been there, or {@code none}. */
    @Param({"none", "profile", "audit"})
    public String service = "none";

    private IntUnaryOperator called = value -> value;
    private int argument;
    private Path directory = Path.of("");

    /** The class that is rewritten: its one method is called through its interface. */
    public static final class Called implements IntUnaryOperator {
        /** Is found by its name. */
        public Called() {}

        @Override
        public int applyAsInt(int value) {
            return value + 1;
        }
    }

    /** Rewrites and loads the class, and checks that the collector hears of calls. */
    @Setup
    public void prepare() throws Exception {
        directory = Files.createTempDirectory("dvm-bench");
        System.setProperty("dvm.audit.file", directory.resolve("events.jsonl").toString());
        System.setProperty("dvm.audit.maxFiles", "1");
        byte[] classFile;
        try (var in = Called.class.getResourceAsStream("ProbeBenchmark$Called.class")) {
            classFile = java.util.Objects.requireNonNull(in).readAllBytes();
        }
        if (!service.equals("none")) {
            classFile = Services.load(ProbeBenchmark.class.getClassLoader())
                    .pipeline(List.of(service), Map.of())
                    .process(classFile)
                    .output();
        }
        called = (IntUnaryOperator) new Loader(classFile)
                .loadClass(Called.class.getName())
                .getConstructor()
                .newInstance();
        Map<?, Long> before = Map.copyOf(Profile.snapshot());
        if (called.applyAsInt(1) != 2
                || service.equals("profile") == Profile.snapshot().equals(before)) {
            throw new IllegalStateException("the probe isn't what it should be");
        }
        boolean written = Audit.flush(10, TimeUnit.SECONDS) && Audit.written() > 0;
        if (service.equals("audit") && !written) {
            throw new IllegalStateException("the events aren't in the file");
        }
    }

    /** Deletes the events. */
    @TearDown
    public void delete() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Calls the method once. */
    @Benchmark
    public int call() {
        return called.applyAsInt(argument++);
    }

    /** Defines the one class itself. */
    private static final class Loader extends ClassLoader {
        private final byte[] classFile;

        Loader(byte[] classFile) {
            super(ProbeBenchmark.class.getClassLoader());
            this.classFile = classFile;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Called.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? defineClass(name, classFile, 0, classFile.length) : loaded;
        }
    }
}

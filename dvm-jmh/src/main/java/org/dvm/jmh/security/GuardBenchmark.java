package org.dvm.jmh.security;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.dvm.runtime.security.AccessDeniedException;
import org.dvm.runtime.security.Decision;
import org.dvm.runtime.security.EnforcementManager;
import org.dvm.runtime.security.Guard;
import org.dvm.runtime.security.Permission;
import org.dvm.runtime.security.Permissions;
import org.dvm.runtime.security.ResourceKind;
import org.dvm.runtime.security.Subjects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What inserted checks cost by themselves, in a thread of a restricted subject. {@code nothing} is to be taken off the
 * others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {"--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED"})
public class GuardBenchmark {
    private static final Permission EVERYBODY = Permissions.JVM_SECMAN_GET;

    private EnforcementManager.@Nullable Installation installation;
    private String name = "dvm.bench.name";
    private File file = new File("");
    private FileInputStream stream = new FileInputStream(java.io.FileDescriptor.in);

    /** Allows what the benchmarks ask for. */
    private static final class Source extends OneSubjectSource {
        Source() {
            super("bench");
        }

        @Override
        public Decision decide(String subject, String permission, ResourceKind kind, String resource) {
            boolean everywhere = permission.equals(EVERYBODY.toString());
            return new Decision(
                    !permission.startsWith("property.write"),
                    everywhere ? Decision.Scope.EVERY_RESOURCE : Decision.Scope.THIS_RESOURCE,
                    "the benchmark's",
                    1);
        }
    }

    /** Installs the manager, and makes what is used later. */
    @Setup
    public void prepare() throws IOException {
        Path data = Files.createTempFile("dvm-bench", ".data");
        file = data.toFile();
        stream = new FileInputStream(file);
        installation = EnforcementManager.install(new Source(), new Silence(), EnforcementManager.Mode.ENFORCING);
        Subjects.<Object>callAs("bench", () -> {
            Guard.check(EVERYBODY);
            return "";
        });
    }

    /** Takes the manager out. */
    @TearDown
    public void end() throws IOException {
        requireNonNull(installation).close();
        stream.close();
        Files.delete(file.toPath());
    }

    /** Lets the thread that measures act for the subject, as restricted code's entry does. */
    @State(Scope.Thread)
    public static class Restricted {
        /** Narrows the thread. */
        @Setup
        public void enter() {
            if (Subjects.enter("bench") == null || !Subjects.current().equals("bench")) {
                throw new IllegalStateException("not restricted");
            }
        }
    }

    /** The empty method. */
    @Benchmark
    public int nothing(Restricted restricted) {
        return 1;
    }

    /** Everybody has it on everything. */
    @Benchmark
    public int uniform(Restricted restricted) {
        Guard.check(EVERYBODY);
        return 1;
    }

    /** The subject has it on everything. */
    @Benchmark
    public int property(Restricted restricted) {
        Guard.property(Permissions.PROPERTY_READ, name);
        return 1;
    }

    /** A file whose name was resolved before. */
    @Benchmark
    public int knownFile(Restricted restricted) {
        return file.equals(Guard.file(Permissions.FILE_OPEN_READ, file)) ? 1 : 0;
    }

    /** A read from a stream that is open. */
    @Benchmark
    public int read(Restricted restricted) {
        Guard.open(Permissions.FILE_READ, stream);
        return 1;
    }

    /** Entering restricted code and leaving it. */
    @Benchmark
    public int enterAndLeave() {
        Object now = Subjects.enter("bench");
        Subjects.leave(now);
        return 1;
    }

    /** What policy denies. */
    @Benchmark
    public int denied(Restricted restricted) {
        try {
            Guard.property(Permissions.PROPERTY_WRITE, name);
            return 1;
        } catch (AccessDeniedException e) {
            return 2;
        }
    }
}

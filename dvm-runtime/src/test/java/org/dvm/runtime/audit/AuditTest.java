package org.dvm.runtime.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.dvm.runtime.ForkedJvm;
import org.dvm.runtime.ProbedMethod;
import org.dvm.runtime.security.Denial;
import org.dvm.runtime.security.ResourceKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The collector as rewritten code meets it; each test in a JVM of its own, since there is one collector a JVM. */
class AuditTest {
    private static final String METHOD = ProbedMethod.key("com/acme/Store", "put", "(I)V");

    @TempDir
    Path directory;

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name));
    }

    static final class Simple {
        public static void main(String[] args) {
            Thread.currentThread().setName("a \"name\"\n\u00e4\ud83d\ude00");
            Audit.enter(METHOD);
            Audit.thrown(METHOD, new IllegalStateException("not written"));
            Audit.exit(METHOD);
        }
    }

    @Test
    void writesWhoWhatAndWhenAsJsonLines() throws Exception {
        var outcome = ForkedJvm.run(directory, Simple.class, "-Ddvm.audit.file=audit.jsonl", "-Ddvm.session=s1");

        assertThat(outcome.output()).isEmpty();
        List<String> lines = lines("audit.jsonl");
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).contains("\"kind\":\"session\"", "\"user\":", "\"java\":\"", "\"pid\":");
        assertThat(lines.get(1))
                .matches(
                        "\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z\",\"ns\":\\d+,\"session\":\"s1\","
                                + "\"kind\":\"enter\",\"thread\":\"a \\\\\"name\\\\\"\\\\u000a\u00e4\ud83d\ude00\",\"threadId\":\\d+,"
                                + "\"class\":\"com\\.acme\\.Store\",\"method\":\"put\",\"descriptor\":\"\\(I\\)V\"}");
        assertThat(lines.get(2))
                .contains("\"kind\":\"throw\"", "\"exception\":\"java.lang.IllegalStateException\"")
                .doesNotContain("not written");
        assertThat(lines.get(3)).contains("\"kind\":\"exit\"");
        assertThat(lines.get(4)).contains("\"kind\":\"totals\",\"written\":3,\"lost\":0");
    }

    static final class Flooded {
        public static void main(String[] args) {
            for (int i = 0; i < 500_000; i++) {
                Audit.enter(METHOD);
            }
            Denial denial = new Denial("plugin", "file.open.read", ResourceKind.FILE, "/a \"\u00e4\"", "no rule", 3);
            Audit.denied(denial, 7);
        }
    }

    @Test
    void aFloodOfEventsDoesNotDisplaceADenial() throws Exception {
        ForkedJvm.run(directory, Flooded.class, "-Ddvm.audit.file=audit.jsonl", "-Ddvm.audit.capacity=2");

        assertThat(lines("audit.jsonl"))
                .filteredOn(line -> line.contains("\"kind\":\"denied\""))
                .singleElement()
                .asString()
                .endsWith(",\"subject\":\"plugin\",\"permission\":\"file.open.read\",\"objectKind\":\"FILE\","
                        + "\"object\":\"/a \\\"\u00e4\\\"\",\"rule\":\"no rule\",\"epoch\":3,\"suppressed\":7}");
    }

    @Test
    void namesTheFileByProcessUnlessTold() throws Exception {
        ForkedJvm.run(directory, Simple.class);

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .matches("dvm-audit-\\d+\\.jsonl");
        }
    }

    static final class ManyEvents {
        public static void main(String[] args) throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        Audit.enter(METHOD);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            Audit.flush(30, TimeUnit.SECONDS);
            System.out.println(Audit.written() + Audit.lost());
        }
    }

    @Test
    void everyEventIsWrittenOrCountedAsLost() throws Exception {
        var outcome =
                ForkedJvm.run(directory, ManyEvents.class, "-Ddvm.audit.file=audit.jsonl", "-Ddvm.audit.capacity=1000");

        assertThat(outcome.output()).isEqualToIgnoringNewLines("80000");
        List<String> lines = lines("audit.jsonl");
        long written = lines.stream()
                .filter(line -> line.contains("\"kind\":\"enter\""))
                .count();
        String totals = lines.get(lines.size() - 1);
        assertThat(totals).contains("\"written\":" + written + ",\"lost\":" + (80_000 - written));
    }

    @Test
    void fullFilesArePutAsideAndTheOldestDeleted() throws Exception {
        ForkedJvm.run(
                directory,
                ManyEvents.class,
                "-Ddvm.audit.file=sub/audit.jsonl",
                "-Ddvm.audit.maxFileBytes=1000000",
                "-Ddvm.audit.maxFiles=2");

        try (Stream<Path> files = Files.list(directory.resolve("sub"))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSize(3).startsWith("audit.jsonl");
            assertThat(names.get(2)).doesNotEndWith(".2");
        }
    }

    static final class DeepRecursion {
        private static int overflows;

        public static void main(String[] args) {
            while (overflows < 20) {
                try {
                    recurse();
                } catch (StackOverflowError e) {
                    overflows++;
                }
            }
            Audit.flush(30, TimeUnit.SECONDS); // the buffer is full, and what comes now must not be lost
            Audit.enter("a.after.()V");
            System.out.println(Audit.flush(30, TimeUnit.SECONDS));
        }

        @SuppressWarnings("InfiniteRecursion")
        private static void recurse() {
            Audit.enter(METHOD);
            try {
                recurse();
                Audit.exit(METHOD);
            } catch (Throwable e) {
                Audit.thrown(METHOD, e);
                throw e;
            }
        }
    }

    @Test
    void survivesStackOverflow() throws Exception {
        for (String mode : List.of("-Xint", "-Xmixed")) {
            var outcome = ForkedJvm.run(
                    directory, DeepRecursion.class, "-Xss512k", mode, "-Ddvm.audit.file=" + mode + ".jsonl");

            assertThat(outcome.output()).isEqualToIgnoringNewLines("true");
            assertThat(String.join("", lines(mode + ".jsonl"))).contains("\"method\":\"after\"");
        }
    }

    static final class ThreadThatLies extends Thread {
        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public long getId() {
            Audit.enter(METHOD);
            throw new IllegalStateException("not in the writer");
        }

        @Override
        public void run() {
            Audit.enter(METHOD);
        }

        public static void main(String[] args) throws InterruptedException {
            Thread thread = new ThreadThatLies();
            thread.start();
            thread.join();
        }
    }

    @Test
    void overriddenThreadMethodsAreNotRunByTheWriter() throws Exception {
        var outcome = ForkedJvm.run(directory, ThreadThatLies.class, "-Ddvm.audit.file=audit.jsonl");

        assertThat(outcome.output()).isEmpty();
        assertThat(lines("audit.jsonl")).hasSize(3);
    }

    static final class Allocation {
        public static void main(String[] args) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Throwable thrown = new IllegalStateException();
            long allocated = 0;
            for (int round = 0; round < 20; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100_000; i++) {
                    Audit.enter(METHOD);
                    Audit.thrown(METHOD, thrown);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            System.out.println(allocated / 200_000);
        }
    }

    @Test
    void eventsAllocateNothing() throws Exception {
        var outcome = ForkedJvm.run(directory, Allocation.class, "-Ddvm.audit.file=audit.jsonl");

        assertThat(outcome.output()).isEqualToIgnoringNewLines("0");
    }

    @Test
    void wrongSettingsAreNamedAndReplaced() throws Exception {
        var outcome =
                ForkedJvm.run(directory, Simple.class, "-Ddvm.audit.file=audit.jsonl", "-Ddvm.audit.capacity=lots");

        assertThat(outcome.output())
                .isEqualToIgnoringNewLines(
                        "dvm: dvm.audit.capacity must be a number from 2 to 16777216: value=lots used=65536");
        assertThat(lines("audit.jsonl")).hasSize(5);
    }

    @Test
    void fileThatCannotBeWrittenIsSaidOnceAndTheApplicationRuns() throws Exception {
        Files.createDirectory(directory.resolve("taken"));

        var outcome = ForkedJvm.run(directory, Simple.class, "-Ddvm.audit.file=taken");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output())
                .startsWith("dvm: audit events can't be written")
                .hasLineCount(1);
    }

    @Test
    void symbolicLinkInPlaceOfTheFileIsNotFollowed() throws Exception {
        Path target = Files.writeString(directory.resolve("precious"), "x");
        try {
            Files.createSymbolicLink(directory.resolve("audit.jsonl"), target);
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here: " + e);
        }

        ForkedJvm.run(directory, Simple.class, "-Ddvm.audit.file=audit.jsonl");

        assertThat(target).hasContent("x");
    }

    @Test
    void lineThatAKilledWriterLeftIsEndedFirst() throws Exception {
        Files.writeString(directory.resolve("audit.jsonl"), "{\"kind\":\"en");

        ForkedJvm.run(directory, Simple.class, "-Ddvm.audit.file=audit.jsonl");

        List<String> lines = lines("audit.jsonl");
        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).contains("\"kind\":\"session\"");
    }

    static final class MoreThanFits {
        public static void main(String[] args) {
            for (int i = 0; i < 20_000; i++) {
                Audit.enter(METHOD);
            }
            Audit.flush(10, TimeUnit.SECONDS);
            System.out.println("lost " + (Audit.lost() > 0));
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void fileThatCanGrowNoFurtherHoldsWholeLinesOnly() throws Exception {
        // Beyond the limit the system writes a part and then fails, as it does on a full disk.
        List<String> launcher = List.of("sh", "-c", "ulimit -f 150 && exec \"$@\"", "sh");

        var outcome = ForkedJvm.run(
                directory, launcher, MoreThanFits.class, "-XX:-UsePerfData", "-Ddvm.audit.file=audit.jsonl");

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(outcome.output())
                .contains("dvm: audit events can't be written")
                .contains("lost true");
        String text = Files.readString(directory.resolve("audit.jsonl"));
        assertThat(text.lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Dclass.path.only", "-Xbootclasspath/a:"})
    void eventsGoToFlightRecorder(String place) throws Exception {
        // The agent puts the runtime onto the boot class path, where Flight Recorder treats events in another way.
        String option =
                place.startsWith("-X") ? place + Path.of("target", "classes").toAbsolutePath() : place;
        var outcome = ForkedJvm.run(
                directory,
                Simple.class,
                "-Ddvm.audit.file=none",
                "-Ddvm.audit.jfr=true",
                option,
                "-XX:StartFlightRecording=filename=r.jfr,settings=none,+org.dvm.Audit#enabled=true",
                "-Xlog:jfr*=off");

        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        assertThat(RecordingFile.readAllEvents(directory.resolve("r.jfr")))
                .filteredOn(event -> METHOD.equals(event.getValue("method")))
                .extracting(event -> event.<String>getValue("kind"))
                .containsExactly("enter", "throw", "exit");
    }

    @Test
    void worksWithoutFlightRecorder() throws Exception {
        var outcome = ForkedJvm.run(
                directory,
                Simple.class,
                "--limit-modules=java.base,java.management,jdk.management",
                "-Ddvm.audit.jfr=true",
                "-Ddvm.audit.file=audit.jsonl");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("--add-modules jdk.jfr");
        assertThat(lines("audit.jsonl")).hasSize(5);
    }
}

package org.dvm.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.testing.TestFilters.filter;
import static org.dvm.core.testing.TestFilters.replaceText;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.EditRule;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Location;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.Note;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.pipeline.TransformResult.Status;
import org.dvm.core.repository.ClassRepository;
import org.dvm.core.testing.JavaSources;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformCacheTest {
    private static final byte[] HELLO = JavaSources.compileOne(
            "demo/Hello.java", "package demo; public class Hello { public String say() { return \"hello\"; } }");

    @TempDir
    Path temp;

    @Test
    void whatAnotherProcessComputedIsNotComputedAgain() throws IOException {
        byte[] helper = JavaSources.compileOne("demo/Helper.java", "package demo; class Helper {}");
        AtomicInteger calls = new AtomicInteger();
        TransformPipeline pipeline = TransformPipeline.of(filter("add", (unit, context) -> {
            calls.incrementAndGet();
            context.note("added a helper");
            context.addClass(helper);
            context.report(new Finding(EditRule.LEFT_OUT, Location.ofClass(unit.name()), "näher"));
        }));
        TransformResult first = cached(pipeline, disk()).process(HELLO, "a.jar", ClassRepository.EMPTY);
        TransformResult second = cached(pipeline, disk()).process(HELLO.clone(), "b.jar", ClassRepository.EMPTY);

        assertThat(calls).hasValue(1);
        assertThat(second.status()).isEqualTo(first.status());
        assertThat(second.extraClasses()).hasSize(1);
        assertThat(second.extraClasses().get(0).bytes()).isEqualTo(helper);
        assertThat(second.trail()).containsExactly(new Note("add", "added a helper"));
        assertThat(second.findings()).hasToString(first.findings().toString());
        assertThat(second.className()).isEqualTo("demo/Hello");
    }

    @Test
    void anUnchangedClassIsTheCallersOwnArray() {
        CachedProcessor cached = cached(TransformPipeline.of(), new MemoryCache(1 << 20));
        cached.process(HELLO, "", ClassRepository.EMPTY);
        byte[] copy = HELLO.clone();

        assertThat(cached.process(copy, "", ClassRepository.EMPTY).output()).isSameAs(copy);
    }

    @Test
    void changedClassesComeBackChanged() {
        CachedProcessor cached = cached(TransformPipeline.of(replaceText("hello", "HELLO")), new MemoryCache(1 << 20));
        byte[] first = cached.process(HELLO, "", ClassRepository.EMPTY).output();

        assertThat(cached.process(HELLO, "", ClassRepository.EMPTY).output())
                .isEqualTo(first)
                .isNotEqualTo(HELLO);
    }

    @Test
    void malformedClassesAreRememberedAndFailuresOfFiltersAreNot() {
        AtomicInteger calls = new AtomicInteger();
        MemoryCache memory = new MemoryCache(1 << 20);
        CachedProcessor cached = cached(
                TransformPipeline.of(filter("flaky", (unit, context) -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("only once");
                    }
                })),
                memory);

        assertThat(cached.process(HELLO, "", ClassRepository.EMPTY).status()).isEqualTo(Status.FAILED);
        assertThat(cached.process(HELLO, "", ClassRepository.EMPTY).status()).isEqualTo(Status.UNCHANGED);
        byte[] malformed = {1, 2, 3};
        assertThat(cached.process(malformed, "", ClassRepository.EMPTY).status())
                .isEqualTo(Status.FAILED);
        assertThat(memory.get(CacheKey.of(cached.fingerprint(), malformed))).isNotNull();
        assertThat(cached.process(malformed, "", ClassRepository.EMPTY).findings())
                .isNotEmpty();
    }

    @Test
    void aResultHoldsWhileTheClassesThatItWasMadeWithAreTheSame() throws Exception {
        RawClass one = RawClass.parse(JavaSources.compileOne("p/A.java", "package p; class A {}"));
        RawClass other = RawClass.parse(JavaSources.compileOne("p/A.java", "package p; class A { int x; }"));
        AtomicInteger calls = new AtomicInteger();
        CachedProcessor cached = cached(
                TransformPipeline.of(filter("ask", (unit, context) -> {
                    calls.incrementAndGet();
                    context.classes().find("p/A");
                })),
                new MemoryCache(1 << 20));
        for (@Nullable RawClass known : new RawClass[] {one, one, other, other, null, null}) {
            cached.process(HELLO, "", name -> known);
        }

        assertThat(calls).hasValue(3);
    }

    @Test
    void aResultHoldsForItsSourceIfAFilterAskedForIt() {
        AtomicInteger calls = new AtomicInteger();
        CachedProcessor cached = cached(
                TransformPipeline.of(filter("ask", (unit, context) -> {
                    calls.incrementAndGet();
                    context.note(unit.source());
                })),
                new MemoryCache(1 << 20));
        cached.process(HELLO, "a.jar", ClassRepository.EMPTY);
        cached.process(HELLO, "a.jar", ClassRepository.EMPTY);
        TransformResult other = cached.process(HELLO, "b.jar", ClassRepository.EMPTY);

        assertThat(calls).hasValue(2);
        assertThat(other.trail()).containsExactly(new Note("ask", "b.jar"));
    }

    @Test
    void anotherConfigurationIsAnotherKey() {
        ClassTransformer a = replaceText("hello", "HELLO");
        assertThat(CacheKey.of(TransformPipeline.of(a).fingerprint(), HELLO))
                .isNotEqualTo(CacheKey.of(TransformPipeline.of(a, a).fingerprint(), HELLO));
        assertThatThrownBy(() -> new CacheKey("../../etc/passwd")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void memoryIsBoundedAndForgetsWhatWasNotAskedForLongest() {
        MemoryCache cache = new MemoryCache(10_000);
        for (int i = 0; i < 100; i++) {
            cache.put(CacheHammer.key(i), new byte[744]);
            assertThat(cache.get(CacheHammer.key(0))).as("after %d", i).isNotNull();
        }

        assertThat(java.util.stream.IntStream.range(0, 100).filter(i -> cache.get(CacheHammer.key(i)) != null))
                .hasSize(10)
                .contains(0, 99);
        cache.put(CacheHammer.key(100), new byte[5_000]);
        assertThat(cache.get(CacheHammer.key(100))).isNull();
    }

    @Test
    void theFasterCacheTakesWhatTheSlowerOneHas() {
        MemoryCache fast = new MemoryCache(1 << 20);
        MemoryCache slow = new MemoryCache(1 << 20);
        slow.put(CacheHammer.key(1), CacheHammer.value(1));

        assertThat(fast.over(slow).get(CacheHammer.key(1))).isEqualTo(CacheHammer.value(1));
        assertThat(fast.get(CacheHammer.key(1))).isEqualTo(CacheHammer.value(1));
    }

    @Test
    void damagedFilesAreRemovedAndNeverRead() throws IOException {
        DiskCache cache = disk();
        cache.put(CacheHammer.key(7), CacheHammer.value(7));
        Path file = files().get(0);
        byte[] sound = Files.readAllBytes(file);
        for (int length : new int[] {0, 3, 35, 36, sound.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(sound, length));
            assertThat(cache.get(CacheHammer.key(7))).as("length %d", length).isNull();
            assertThat(file).doesNotExist();
        }
        byte[] flipped = sound.clone();
        flipped[sound.length / 2] ^= 4;
        Files.write(file, flipped);
        assertThat(cache.get(CacheHammer.key(7))).isNull();
    }

    @Test
    void theDiskIsBoundedAndOldFilesGoFirst() throws IOException {
        DiskCache cache = DiskCache.open(temp.resolve("cache"), 20_000);
        cache.put(CacheHammer.key(0), new byte[900]);
        Path old = files().get(0);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
        Path unfinished = Files.write(old.resolveSibling("x.unfinished"), new byte[5]);
        Files.setLastModifiedTime(unfinished, FileTime.from(Instant.now().minusSeconds(7200)));
        for (int i = 1; i < 60; i++) {
            cache.put(CacheHammer.key(i), new byte[900]);
        }

        long total = 0;
        for (Path file : files()) {
            total += Files.size(file);
        }
        assertThat(total).isLessThanOrEqualTo(20_000);
        assertThat(old).doesNotExist();
        assertThat(unfinished).doesNotExist();
        assertThat(cache.get(CacheHammer.key(59))).isNotNull();
    }

    @Test
    void aDirectoryThatOthersMayWriteToIsRefused() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("shared"));
        assumeTrue(
                Files.getFileStore(directory).supportsFileAttributeView("posix"), "the file system has no permissions");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> DiskCache.open(directory, 1 << 20))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod go-w");
    }

    @Test
    void processesShareACacheAndOneThatIsKilledLeavesNothingHalfWritten() throws Exception {
        Process victim = hammer(1_000_000);
        Process one = hammer(6_000);
        Process two = hammer(7_000);
        BufferedReader says =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8));
        assertThat(says.lines().anyMatch("started"::equals)).isTrue();
        assertThat(one.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(victim.destroyForcibly().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(two.waitFor(60, TimeUnit.SECONDS)).isTrue();

        for (Process process : List.of(one, two)) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("hits true");
        }
        DiskCache cache = DiskCache.open(temp.resolve("cache"), 300_000);
        for (int i = 0; i < 200; i++) {
            byte[] read = cache.get(CacheHammer.key(i));
            if (read != null) {
                assertThat(read).isEqualTo(CacheHammer.value(i));
            }
        }
    }

    private Process hammer(int rounds) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CacheHammer.class.getName(),
                        temp.resolve("cache").toString(),
                        "300000",
                        "" + rounds)
                .redirectErrorStream(true)
                .start();
    }

    private DiskCache disk() throws IOException {
        return DiskCache.open(temp.resolve("cache"), 1 << 20);
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var walk = Files.walk(temp.resolve("cache"))) {
            walk.filter(file -> file.getFileName().toString().length() == 64).forEach(files::add);
        }
        return files;
    }

    private static CachedProcessor cached(TransformPipeline pipeline, TransformCache cache) {
        return CachedProcessor.of(pipeline, cache);
    }
}

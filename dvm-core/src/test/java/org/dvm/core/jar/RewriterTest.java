package org.dvm.core.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dvm.core.testing.Archives.entries;
import static org.dvm.core.testing.Archives.jarOf;
import static org.dvm.core.testing.Archives.unzip;
import static org.dvm.core.testing.Archives.zip;
import static org.dvm.core.testing.TestFilters.filter;
import static org.dvm.core.testing.TestFilters.replaceText;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.assertj.core.api.Assertions;
import org.dvm.core.finding.Finding;
import org.dvm.core.finding.Severity;
import org.dvm.core.jar.RewriteReport.Outcome;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import proguard.classfile.ProgramClass;

class RewriterTest {
    private static final byte[] HELLO = JavaSources.compileOne(
            "demo/Hello.java",
            "package demo; public class Hello implements java.util.function.Supplier<String> {"
                    + " public String get() { return \"hello\"; } }");
    private static final byte[] OTHER =
            JavaSources.compileOne("demo/Other.java", "package demo; public class Other {}");
    private static final TransformPipeline SHOUT = TransformPipeline.of(replaceText("hello", "HELLO"));
    private static final TransformPipeline COPY_ALL = TransformPipeline.of(filter(
            "copy", (unit, context) -> context.replaceClass(unit.raw().bytes().clone())));

    @TempDir
    Path temp;

    static List<Path> realJars() {
        return List.of(
                jarOf(ZipArchiveEntry.class),
                jarOf(Assertions.class),
                jarOf(ProgramClass.class),
                jarOf(JsonFactory.class),
                jarOf(Test.class));
    }

    @ParameterizedTest
    @MethodSource("realJars")
    void aJarInWhichNothingChangesIsCopiedByteForByte(Path jar) throws IOException {
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(TransformPipeline.of()).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(out).hasSameBinaryContentAs(jar);
    }

    @ParameterizedTest
    @MethodSource("realJars")
    void theOutputOfARealJarHoldsTheSameAndIsReadAlikeByAllReaders(Path jar) throws IOException {
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(COPY_ALL).withJobs(2).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        Map<String, byte[]> before = unzip(jar);
        Map<String, byte[]> after = unzip(out);
        assertThat(after.keySet()).containsExactlyInAnyOrderElementsOf(before.keySet());
        before.forEach((name, content) -> assertThat(after.get(name)).as(name).isEqualTo(content));
        try (ZipFile zip = new ZipFile(out.toFile())) {
            assertThat(zip.size()).isEqualTo(after.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void theOutputDoesNotDependOnTheNumberOfJobs(int jobs) throws IOException {
        Path jar = jarOf(ZipArchiveEntry.class);
        RewriteReport one = Rewriter.of(COPY_ALL).rewrite(jar, temp.resolve("one.jar"));
        RewriteReport many = Rewriter.of(COPY_ALL).withJobs(jobs).rewrite(jar, temp.resolve("many.jar"));

        assertThat(temp.resolve("many.jar")).hasSameBinaryContentAs(temp.resolve("one.jar"));
        assertThat(many).isEqualTo(one);
    }

    @Test
    void onlyChangedEntriesDifferAndOrderAndTimesStay() throws IOException {
        Path jar = jar(entries(
                "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n",
                "META-INF/services/java.util.function.Supplier", "demo.Hello\n",
                "demo/Other.class", OTHER,
                "demo/Hello.class", HELLO,
                "text.txt", "hello"));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(SHOUT).rewrite(jar, out);

        assertThat(report.counts())
                .isEqualTo(new RewriteReport.Counts(
                        2, 2, 0, 1, 0, 0, HELLO.length + OTHER.length, HELLO.length + OTHER.length));
        assertThat(new ArrayList<>(unzip(out).keySet()))
                .isEqualTo(new ArrayList<>(unzip(jar).keySet()));
        assertThat(unzip(out).get("text.txt")).asString().isEqualTo("hello");
        assertThat(unzip(out).get("demo/Other.class")).isEqualTo(OTHER);
        assertThat(say(out)).isEqualTo("HELLO");
        try (ZipFile zip = new ZipFile(out.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct())
                    .containsExactly(java.time.LocalDateTime.of(2020, 2, 2, 2, 2, 2));
        }
    }

    @Test
    void streamsAreRewrittenLikeFiles() throws IOException {
        byte[] jar = zip(entries("demo/Hello.class", HELLO));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RewriteReport report = Rewriter.of(SHOUT).rewrite(new ByteArrayInputStream(jar), "in.jar", out);

        assertThat(report.name()).isEqualTo("in.jar");
        Path file = temp.resolve("in.jar");
        Files.write(file, jar);
        Rewriter.of(SHOUT).rewrite(file, file);
        assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void aFailedClassMeansNoOutputAndWhatStoodThereStays() throws IOException {
        Path jar = jar(entries("demo/Hello.class", HELLO, "demo/Broken.class", new byte[] {1, 2, 3}));
        Path out = temp.resolve("out.jar");
        Files.writeString(out, "before");
        RewriteReport report = Rewriter.of(SHOUT).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.counts().failed()).isEqualTo(1);
        assertThat(report.findings()).anySatisfy(finding -> {
            assertThat(finding.rule().severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.location().source()).isEqualTo("in.jar!/demo/Broken.class");
        });
        assertThat(out).hasContent("before");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aFailedClassIsLeftOutIfAskedFor() throws IOException {
        Path jar = jar(entries("demo/Hello.class", HELLO, "demo/Broken.class", new byte[] {1, 2, 3}));
        Path out = temp.resolve("out.jar");
        RewriteReport report =
                Rewriter.of(SHOUT).withOnFailure(OnFailure.LEAVE_OUT).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(report.findings()).extracting(Finding::rule).contains(ArchiveRule.LEFT_OUT);
        assertThat(unzip(out).keySet()).containsExactly("demo/Hello.class");
    }

    @Test
    void everyVersionOfAMultiReleaseJarIsRewritten() throws Exception {
        byte[] newer = JavaSources.compileOne(
                "demo/Hello.java",
                "package demo; public class Hello implements java.util.function.Supplier<String> {"
                        + " public String get() { return \"hello, newer\"; } }");
        Path jar = jar(entries(
                "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n",
                "demo/Hello.class", HELLO,
                "META-INF/versions/11/demo/Hello.class", newer));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(SHOUT).rewrite(jar, out);

        assertThat(report.counts().replaced()).isEqualTo(2);
        assertThat(say(out)).isEqualTo("HELLO, newer");
        try (JarFile file = new JarFile(out.toFile())) {
            assertThat(file.isMultiRelease()).isTrue();
        }
    }

    @Test
    void archivesWithinAreRewrittenAndStayStored() throws IOException {
        byte[] deepest = zip(entries("demo/Hello.class", HELLO));
        byte[] untouched = zip(entries("demo/Other.class", OTHER));
        byte[] library = zip(entries("lib/deepest.jar", deepest, "x.txt", "x"));
        Path jar = jar(entries(
                "BOOT-INF/classes/demo/Hello.class", HELLO,
                "BOOT-INF/lib/library.jar", library,
                "BOOT-INF/lib/untouched.jar", untouched,
                "BOOT-INF/lib/none.jar", "no archive"));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(SHOUT).withJobs(2).rewrite(jar, out);

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(report.totalCounts().replaced()).isEqualTo(2);
        assertThat(report.nested().get(0).nested().get(0).name())
                .isEqualTo("in.jar!/BOOT-INF/lib/library.jar!/lib/deepest.jar");
        assertThat(report.findings()).extracting(Finding::rule).containsExactly(ArchiveRule.NOT_AN_ARCHIVE);
        Map<String, byte[]> after = unzip(out);
        assertThat(after.get("BOOT-INF/lib/untouched.jar")).isEqualTo(untouched);
        byte[] inner = unzip(after.get("BOOT-INF/lib/library.jar")).get("lib/deepest.jar");
        assertThat(unzip(inner).get("demo/Hello.class")).asString().contains("HELLO");
        try (ZipFile zip = new ZipFile(out.toFile())) {
            assertThat(zip.getEntry("BOOT-INF/lib/library.jar").getMethod()).isEqualTo(ZipEntry.STORED);
        }
    }

    @Test
    void addedClassesStandBesideTheirsAndEqualOnesOnce() throws IOException {
        byte[] helper = JavaSources.compileOne("demo/Helper.java", "package demo; class Helper {}");
        ClassTransformer adder = filter("adder", (unit, context) -> context.addClass(helper));
        Path jar = jar(entries("WEB-INF/classes/demo/Hello.class", HELLO, "WEB-INF/classes/demo/Other.class", OTHER));
        Path out = temp.resolve("out.jar");
        RewriteReport report = Rewriter.of(TransformPipeline.of(adder)).rewrite(jar, out);

        assertThat(report.counts().added()).isEqualTo(1);
        assertThat(new ArrayList<>(unzip(out).keySet()))
                .containsExactly(
                        "WEB-INF/classes/demo/Hello.class",
                        "WEB-INF/classes/demo/Helper.class",
                        "WEB-INF/classes/demo/Other.class");
    }

    @Test
    void anAddedClassMustNotTakeAnothersPlace() throws IOException {
        ClassTransformer adder = filter("adder", (unit, context) -> {
            if (unit.name().equals("demo/Hello")) {
                context.addClass(OTHER.clone());
            }
        });
        Path jar = jar(entries("demo/Hello.class", HELLO, "demo/Other.class", OTHER));
        RewriteReport report = Rewriter.of(TransformPipeline.of(adder)).rewrite(jar, temp.resolve("out.jar"));

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.findings()).extracting(Finding::rule).containsExactly(ArchiveRule.EXTRA_CLASS_COLLISION);
    }

    @Test
    void anIndexThatMissesAddedClassesIsDropped() throws IOException {
        byte[] helper = JavaSources.compileOne("extra/Helper.java", "package extra; class Helper {}");
        Path jar = jar(entries("META-INF/INDEX.LIST", "JarIndex-Version: 1.0\n", "demo/Hello.class", HELLO));
        Path out = temp.resolve("out.jar");
        Rewriter.of(TransformPipeline.of(filter("adder", (unit, context) -> context.addClass(helper))))
                .rewrite(jar, out);

        assertThat(unzip(out).keySet()).containsExactly("demo/Hello.class", "extra/Helper.class");
    }

    @Test
    void aStartScriptInFrontStaysAndOtherBytesDoNot() throws IOException {
        byte[] zip = zip(entries("demo/Hello.class", HELLO));
        Path jar = temp.resolve("in.jar");
        Path out = temp.resolve("out.jar");
        Files.write(
                jar,
                concat("#!/bin/sh\nexec java -jar \"$0\"\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), zip));
        Rewriter.of(SHOUT).rewrite(jar, out);
        assertThat(Files.readString(out, java.nio.charset.StandardCharsets.ISO_8859_1))
                .startsWith("#!/bin/sh\n");
        assertThat(say(out)).isEqualTo("HELLO");

        Files.write(jar, concat(zip(entries("demo/Evil.class", HELLO)), zip));
        RewriteReport report = Rewriter.of(TransformPipeline.of()).rewrite(jar, out);
        assertThat(report.findings())
                .extracting(Finding::rule)
                .containsExactly(ArchiveRule.PREAMBLE_DROPPED, ArchiveRule.NORMALIZED);
        assertThat(unzip(out).keySet()).containsExactly("demo/Hello.class");
    }

    @Test
    void namesBeyondAsciiStay() throws IOException {
        byte[] klasse = JavaSources.compileOne(
                "demo/Grüße世界.java", "package demo; public class Grüße世界 { String s = \"hello\"; }");
        Path jar = jar(entries("demo/Grüße世界.class", klasse, "demo/𝔘.txt", "x"));
        Path out = temp.resolve("out.jar");
        Rewriter.of(SHOUT).rewrite(jar, out);

        assertThat(unzip(out).keySet()).containsExactly("demo/Grüße世界.class", "demo/𝔘.txt");
    }

    @Test
    void manyEntriesNeedZip64() throws IOException {
        Map<String, byte[]> many = entries("demo/Hello.class", HELLO);
        for (int i = 0; i < 70_000; i++) {
            many.put("data/" + i, new byte[0]);
        }
        Path jar = jar(many);
        Path out = temp.resolve("out.jar");
        Rewriter.of(SHOUT).rewrite(jar, out);

        try (ZipFile zip = new ZipFile(out.toFile())) {
            assertThat(zip.size()).isEqualTo(70_001);
        }
        assertThat(Rewriter.of(TransformPipeline.of())
                        .rewrite(out, temp.resolve("again.jar"))
                        .findings())
                .isEmpty();
        assertThat(temp.resolve("again.jar")).hasSameBinaryContentAs(out);
    }

    @Test
    void emptyArchivesAreArchives() throws IOException {
        Path jar = jar(Map.of());
        assertThat(Rewriter.of(SHOUT).rewrite(jar, temp.resolve("out.jar")).outcome())
                .isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void progressIsToldInOrder() throws IOException {
        List<Progress> told = new ArrayList<>();
        Path jar = jar(entries("demo/Hello.class", HELLO, "demo/Other.class", OTHER));
        Rewriter.of(SHOUT).withProgress(told::add).withJobs(2).rewrite(jar, temp.resolve("out.jar"));

        long total = (long) HELLO.length + OTHER.length;
        assertThat(told)
                .containsExactly(
                        new Progress("demo/Hello.class", 1, 2, HELLO.length, total),
                        new Progress("demo/Other.class", 2, 2, total, total));
    }

    @Test
    void theReportIsJson() throws IOException {
        Path jar = jar(entries("demo/Hello.class", HELLO, "a.jar", zip(entries("demo/B.class", new byte[] {1}))));
        String json = Rewriter.of(SHOUT)
                .withOnFailure(OnFailure.LEAVE_OUT)
                .rewrite(jar, temp.resolve("out.jar"))
                .toJson();

        List<String> fields = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    fields.add(parser.currentName());
                }
            }
        }
        assertThat(fields).contains("name", "outcome", "counts", "classesIn", "classes", "trail", "findings", "nested");
        assertThat(json).contains("\"replaced hello\"", "in.jar!/a.jar");
    }

    @Test
    void directoriesAreRewrittenWithTheArchivesInThem() throws IOException {
        Path in = Files.createDirectory(temp.resolve("classes"));
        JavaSources.write(
                in,
                entries(
                        "demo/Hello.class",
                        HELLO,
                        "demo/Other.class",
                        OTHER,
                        "text.txt",
                        "hello",
                        "lib/a.jar",
                        zip(entries("demo/Hello.class", HELLO))));
        Path out = temp.resolve("out");
        RewriteReport report = Rewriter.of(SHOUT).withJobs(2).rewrite(in, out);

        assertThat(report.outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(report.totalCounts().replaced()).isEqualTo(2);
        assertThat(out.resolve("text.txt")).hasContent("hello");
        assertThat(Files.readAllBytes(out.resolve("demo/Other.class"))).isEqualTo(OTHER);
        assertThat(Files.readAllBytes(out.resolve("demo/Hello.class")))
                .asString()
                .contains("HELLO");
        assertThat(unzip(out.resolve("lib/a.jar")).get("demo/Hello.class"))
                .asString()
                .contains("HELLO");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aDirectoryIsRewrittenInPlaceOrNotAtAll() throws IOException {
        Path in = Files.createDirectory(temp.resolve("classes"));
        JavaSources.write(in, entries("demo/Broken.class", new byte[] {1}, "demo/Hello.class", HELLO));
        assertThat(Rewriter.of(SHOUT).rewrite(in, in).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(Files.readAllBytes(in.resolve("demo/Hello.class"))).isEqualTo(HELLO);

        Files.delete(in.resolve("demo/Broken.class"));
        assertThat(Rewriter.of(SHOUT).rewrite(in, in).outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(Files.readAllBytes(in.resolve("demo/Hello.class")))
                .asString()
                .contains("HELLO");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void anOutputWithinTheInputIsRefused() throws IOException {
        Path in = Files.createDirectory(temp.resolve("classes"));
        assertThatThrownBy(() -> Rewriter.of(SHOUT).rewrite(in, in.resolve("out")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("within");
    }

    @Test
    void aClassFileIsRewrittenAlone() throws IOException {
        Path in = temp.resolve("Hello.class");
        Files.write(in, HELLO);
        Path out = temp.resolve("out/demo/Hello.class");
        assertThat(Rewriter.of(SHOUT).rewrite(in, out).outcome()).isEqualTo(Outcome.REWRITTEN);
        assertThat(Files.readAllBytes(out)).asString().contains("HELLO");
    }

    private String say(Path jar) throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return (String) ((java.util.function.Supplier<?>)
                            loader.loadClass("demo.Hello").getConstructor().newInstance())
                    .get();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Path jar(Map<String, byte[]> entries) throws IOException {
        return Files.write(temp.resolve("in.jar"), zip(entries));
    }

    private List<Path> leftovers() throws IOException {
        try (var files = Files.walk(temp)) {
            return files.filter(file -> file.toString().endsWith(".dvm-tmp")).toList();
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}

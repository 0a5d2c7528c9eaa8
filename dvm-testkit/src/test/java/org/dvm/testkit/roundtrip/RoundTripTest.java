package org.dvm.testkit.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.pipeline.ClassTransformer;
import org.dvm.core.pipeline.ClassUnit;
import org.dvm.core.pipeline.TransformContext;
import org.dvm.core.pipeline.TransformPipeline;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepository;
import org.dvm.testkit.Corpora;
import org.dvm.testkit.Corpora.ClassFile;
import org.dvm.testkit.assembly.Bytes;
import org.dvm.testkit.assembly.ClassAssembler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import proguard.classfile.io.ProgramClassWriter;

/**
 * Real classes of many compilers: what nothing is asked of comes back as it was, byte for byte, and with probes in every
 * method HotSpot links it with full verification.
 */
class RoundTripTest {
    private static final int NOP = 0;
    private static final int ALOAD_0 = 42;
    private static final int POP = 87;
    private static final int RETURN = 177;

    @TempDir
    Path directory;

    static Stream<Path> jars() {
        return Corpora.jars().stream();
    }

    static Stream<Path> allJars() {
        return Corpora.allJars().stream();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("jars")
    void classesOfAJarComeBackByteForByte(Path jar) {
        assertComeBack(action -> Corpora.forEachClass(jar, action));
    }

    @Test
    void classesOfSomeModulesComeBackByteForByte() {
        assertComeBack(action -> {
            Corpora.forEachJdkClass("java.base", action);
            Corpora.forEachJdkClass("java.xml", action);
        });
    }

    @Test
    void probedClassesOfSomeModulesLink() throws IOException {
        assertProbedModulesLink(List.of("java.logging", "java.sql", "java.net.http", "jdk.jartool"));
    }

    @Test
    void probedClassesOfSomeJarsLink() throws IOException {
        List<Path> jars = Corpora.jars().stream()
                .filter(jar -> jar.toString().matches(".*(collections-2|kotlin-stdlib|scala3).*"))
                .toList();
        assumeThat(jars).as("the jars of dvm-testkit's build").isNotEmpty();
        for (Path jar : jars) {
            assertProbedJarLinks(jar);
        }
    }

    @Test
    void brokenClassesAreRefused() throws IOException {
        try (BulkLinker linker = new BulkLinker(directory)) {
            addBroken(linker, "java.base", "java/util/ArrayList"); // loaded by every JVM when it starts
            addBroken(linker, "java.sql", "java/sql/Timestamp");
            assertThat(complaints("refused", linker.linkInModules()))
                    .containsExactly("java.util.ArrayList", "java.sql.Timestamp");
        }
        try (BulkLinker linker = new BulkLinker(directory)) {
            ClassAssembler assembler = new ClassAssembler("demo/Broken");
            byte[] code = assembler.code(1, 1, Bytes.of().u1(POP, RETURN));
            add(
                    linker,
                    "",
                    "demo/Broken",
                    assembler.method(0x0009, "m", "()V", code).toBytes());
            assertThat(complaints("refused", linker.linkTogether(List.of()))).containsExactly("demo.Broken");
        }
    }

    /** Takes the first operand from the first method that begins with one. */
    private static void addBroken(BulkLinker linker, String module, String name) {
        Corpora.forEachJdkClass(module, file -> {
            if (file.name().equals(module + '/' + name + ".class")) {
                add(linker, module, name, broken(file.bytes()));
            }
        });
    }

    private static byte[] broken(byte[] classFile) {
        try {
            RawClass raw = RawClass.parse(classFile);
            byte[] bytes = classFile.clone();
            for (int i = 0; i < raw.methodCount(); i++) {
                int at = raw.method(i).codeOffset() < 0 ? 0 : raw.codeStart(raw.method(i));
                if (raw.u1(at) == ALOAD_0) {
                    bytes[at] = NOP;
                    return bytes;
                }
            }
            throw new AssertionError("no such method");
        } catch (ClassFormatException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Tag("slow")
    void classesOfAllModulesComeBackByteForByte() {
        assertComeBack(action -> Corpora.jdkModules().forEach(module -> Corpora.forEachJdkClass(module, action)));
    }

    @Test
    @Tag("slow")
    void probedClassesOfAllModulesLink() throws IOException {
        assertProbedModulesLink(Corpora.jdkModules());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("allJars")
    @Tag("slow")
    void classesOfAnyJarComeBackByteForByte(Path jar) {
        assertComeBack(action -> Corpora.forEachClass(jar, action));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("allJars")
    @Tag("slow")
    void probedClassesOfAnyJarLink(Path jar) throws IOException {
        assertProbedJarLinks(jar);
    }

    private static void assertComeBack(Consumer<Consumer<ClassFile>> corpus) {
        Looking looking = new Looking();
        TransformPipeline pipeline = TransformPipeline.of(looking);
        corpus.accept(file -> {
            TransformResult result = pipeline.process(file.bytes(), file.name(), ClassRepository.EMPTY);
            assertThat(result.findings()).as(file.name()).isEmpty();
            assertThat(result.output()).as(file.name()).isSameAs(file.bytes());
        });
        System.out.println(looking);
        assertThat(looking.seen).isPositive();
        assertThat(looking.otherwise.size()).isLessThanOrEqualTo(1 + looking.seen / 500);
    }

    private void assertProbedModulesLink(List<String> modules) throws IOException {
        ProbedClasses probes = new ProbedClasses();
        Map<String, byte[]> probed = new HashMap<>();
        List<String> report;
        try (BulkLinker linker = new BulkLinker(directory)) {
            for (String module : modules) {
                Corpora.forEachJdkClass(module, file -> {
                    String name = nameOf(file.bytes());
                    byte[] written = probes.probed(file);
                    probed.put(name.replace('/', '.'), written);
                    add(linker, module, name, written);
                });
            }
            report = linker.linkInModules();
            print(modules.size() + " modules", linker.count(), probes, report);
        }
        assertThat(complaints("refused", report)).isEmpty();
        assertThat(complaints("missing", report)).isEmpty();
        List<String> rest = complaints("protected", report);
        try (BulkLinker linker = new BulkLinker(directory)) {
            rest.forEach(name -> add(linker, "", name, Objects.requireNonNull(probed.get(name))));
            assertThat(linker.linkTogether(List.of())).containsExactly("linked " + rest.size());
        }
    }

    private void assertProbedJarLinks(Path jar) throws IOException {
        ProbedClasses probes = new ProbedClasses();
        List<String> report;
        try (BulkLinker linker = new BulkLinker(directory)) {
            Corpora.forEachClass(jar, file -> add(linker, "", nameOf(file.bytes()), probes.probed(file)));
            report = linker.linkTogether(librariesFor(jar));
            print(jar.getFileName().toString(), linker.count(), probes, report);
        }
        assertThat(complaints("refused", report)).isSubsetOf(refusedAsTheyAre(jar, report));
        assumeThat(report.get(report.size() - 1))
                .as("this JDK is too old for " + jar.getFileName())
                .isNotEqualTo("linked 0");
    }

    /** Returns the classes that the JVM refuses without any probe, too. */
    private List<String> refusedAsTheyAre(Path jar, List<String> report) throws IOException {
        if (complaints("refused", report).isEmpty()) {
            return List.of();
        }
        try (BulkLinker linker = new BulkLinker(directory)) {
            Corpora.forEachClass(jar, file -> add(linker, "", nameOf(file.bytes()), file.bytes()));
            return complaints("refused", linker.linkTogether(librariesFor(jar)));
        }
    }

    /** Returns the jars whose classes a jar may need; of the two Scala libraries the right one. */
    private static List<Path> librariesFor(Path jar) {
        String otherScala = jar.toString().contains("-2.12.") ? "scala-library-2.13." : "scala-library-2.12.";
        return Corpora.allJars().stream()
                .filter(library -> !library.toString().contains(otherScala))
                .toList();
    }

    private static List<String> complaints(String kind, List<String> report) {
        return report.stream()
                .filter(line -> line.startsWith(kind + ' '))
                .map(line -> line.split(" ", 3)[1])
                .toList();
    }

    private static void print(String what, int classes, ProbedClasses probes, List<String> report) {
        List<String> some = new ArrayList<>(report);
        if (some.size() > 12) {
            some.subList(6, some.size() - 6).clear();
        }
        System.out.println(what + ": " + classes + " classes, " + probes.methods() + " methods probed, "
                + probes.leftOut() + " without room; "
                + complaints("refused", report).size() + " refused, "
                + complaints("missing", report).size() + " want for a library or a newer JDK; " + some);
    }

    private static void add(BulkLinker linker, String module, String name, byte[] classFile) {
        try {
            linker.add(module, name, classFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(byte[] classFile) {
        try {
            return RawClass.parse(classFile).className();
        } catch (ClassFormatException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Has ProGuardCORE write the whole model of each class and asks for nothing. What ProGuardCORE writes differs where
     * a compiler took more room than it needed, as for a stack map frame.
     */
    private static final class Looking implements ClassTransformer {
        private final List<String> otherwise = new ArrayList<>();
        private int seen;

        @Override
        public String name() {
            return "looking";
        }

        @Override
        public String fingerprint() {
            return "1";
        }

        @Override
        public void transform(ClassUnit unit, TransformContext context) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            unit.model().accept(new ProgramClassWriter(new DataOutputStream(written)));
            seen++;
            if (!Arrays.equals(written.toByteArray(), unit.raw().bytes())) {
                otherwise.add(unit.source());
            }
            if (!unit.edits().isEmpty()) {
                throw new IllegalStateException("edits that nobody asked for");
            }
        }

        @Override
        public String toString() {
            return seen + " classes came back byte for byte; ProGuardCORE writes " + otherwise.size() + " otherwise "
                    + otherwise.subList(0, Math.min(3, otherwise.size()));
        }
    }
}

package org.dvm.core.repository;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.repository.ClassHierarchy.Answer;
import org.dvm.core.testing.JavaSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassRepositoriesTest {
    private static final Map<String, byte[]> CLASSES = JavaSources.compile(Map.of(
            "demo/Base.java", "package demo; public abstract class Base implements Runnable {}",
            "demo/Derived.java", "package demo; public class Derived extends Base { public void run() {} }"));

    @TempDir
    Path temp;

    @Test
    void directoriesAnswerByName() throws IOException {
        JavaSources.write(temp, CLASSES);
        try (ClassRepositories classes = ClassRepositories.directory(temp)) {
            assertThat(found(classes, "demo/Derived").superName()).isEqualTo("demo/Base");
            assertThat(classes.find("demo/Absent")).isNull();
        }
    }

    @Test
    void namesDontLeadOutOfADirectory() throws IOException {
        Path inner = Files.createDirectory(temp.resolve("inner"));
        JavaSources.write(temp, CLASSES);
        try (ClassRepositories classes = ClassRepositories.directory(inner)) {
            assertThat(classes.find("../demo/Base")).isNull();
            assertThat(classes.find("bad\0name")).isNull();
        }
    }

    @Test
    void malformedAndMisplacedClassesAreNotKnown() throws IOException {
        JavaSources.write(temp, Map.of("demo/Base.class", new byte[] {1}));
        Files.write(temp.resolve("demo/Wrong.class"), CLASSES.get("demo/Derived.class"));
        try (ClassRepositories classes = ClassRepositories.directory(temp)) {
            assertThat(classes.find("demo/Base")).isNull();
            assertThat(classes.find("demo/Wrong")).isNull();
        }
    }

    @Test
    void multiReleaseJarsAreSeenAsTheReleaseSeesThem() throws IOException {
        byte[] newer = JavaSources.compileOne("demo/Base.java", "package demo; public class Base {}");
        Map<String, byte[]> entries = new TreeMap<>(CLASSES);
        entries.put(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        entries.put("META-INF/versions/11/demo/Base.class", newer);
        Path jar = jar("multi.jar", entries);

        try (ClassRepositories old = ClassRepositories.jar(jar, 10);
                ClassRepositories current = ClassRepositories.jar(jar, 17)) {
            assertThat(found(old, "demo/Base").interfaceCount()).isEqualTo(1);
            assertThat(found(current, "demo/Base").interfaceCount()).isZero();
        }
    }

    @Test
    void applicationClassesOfSpringBootAndWarArchivesAreFound() throws IOException {
        Path jar = jar(
                "boot.jar",
                Map.of(
                        "BOOT-INF/classes/demo/Base.class", CLASSES.get("demo/Base.class"),
                        "WEB-INF/classes/demo/Derived.class", CLASSES.get("demo/Derived.class")));
        try (ClassRepositories classes = ClassRepositories.jar(jar)) {
            assertThat(classes.find("demo/Base")).isNotNull();
            assertThat(classes.find("demo/Derived")).isNotNull();
        }
    }

    @Test
    void classPathsPassOverWhatDoesNotExist() throws IOException {
        Path lib = Files.createDirectory(temp.resolve("lib"));
        Files.move(jar("base.jar", Map.of("demo/Base.class", CLASSES.get("demo/Base.class"))), lib.resolve("base.jar"));
        Path directory = Files.createDirectory(temp.resolve("classes"));
        JavaSources.write(directory, Map.of("demo/Derived.class", CLASSES.get("demo/Derived.class")));
        String path = String.join(File.pathSeparator, temp + "/absent.jar", lib + "/*", directory.toString());

        try (ClassRepositories classes = ClassRepositories.classPath(path)) {
            assertThat(classes.find("demo/Base")).isNotNull();
            assertThat(classes.find("demo/Derived")).isNotNull();
        }
    }

    @Test
    void theRunningJdkIsKnownWithoutLoadingClasses() throws IOException {
        try (ClassRepositories jdk = ClassRepositories.runningJdk()) {
            assertThat(found(jdk, "java/util/ArrayList").superName()).isEqualTo("java/util/AbstractList");
            assertThat(found(jdk, "java/sql/Connection").interfaceName(0)).isEqualTo("java/sql/Wrapper");
            assertThat(jdk.find("java/util/Absent")).isNull();
            assertThat(jdk.find("Unnamed")).isNull();
        }
    }

    @Test
    void anotherJdkIsKnownByItsHome() throws IOException {
        String home = System.getProperty("dvm.jdk25", "");
        assumeFalse(home.isEmpty(), "no JDK 25 found");
        try (ClassRepositories jdk = ClassRepositories.jdk(Path.of(home))) {
            assertThat(found(jdk, "java/lang/Object").majorVersion()).isEqualTo(69);
            assertThat(jdk.find("java/lang/classfile/ClassFile")).isNotNull();
        }
    }

    @Test
    void aDirectoryWithoutModulesIsNoJdk() {
        assertThatThrownBy(() -> ClassRepositories.jdk(temp))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lib/modules");
    }

    @Test
    void classLoadersAnswerFromTheirResources() {
        assertThat(ClassRepositories.loader(getClass().getClassLoader()).find("org/dvm/core/classfile/RawClass"))
                .isNotNull();
        assertThat(ClassRepositories.loader(null).find("java/lang/String")).isNotNull();
    }

    @Test
    void nothingIsFoundAfterClose() throws IOException {
        Path jar = jar("closed.jar", CLASSES);
        ClassRepositories classes = ClassRepositories.jar(jar);
        found(classes, "demo/Base");
        classes.close();

        assertThat(classes.find("demo/Base")).isNull();
    }

    @Test
    void aSmallCacheStillAnswers() throws IOException {
        JavaSources.write(temp, CLASSES);
        try (ClassRepositories classes = ClassRepositories.directory(temp).withCacheBytes(0)) {
            for (int i = 0; i < 10; i++) {
                assertThat(classes.find("demo/Base")).isNotNull();
                assertThat(classes.find("demo/Derived")).isNotNull();
            }
        }
    }

    @Test
    void theHierarchyAnswersYesNoOrUnknown() throws IOException {
        JavaSources.write(temp, CLASSES);
        try (ClassRepositories open = ClassRepositories.directory(temp);
                ClassRepositories closed = ClassRepositories.of(open, ClassRepositories.runningJdk())) {
            ClassHierarchy hierarchy = new ClassHierarchy(closed);
            assertThat(hierarchy.isAssignable("demo/Derived", "demo/Base")).isEqualTo(Answer.YES);
            assertThat(hierarchy.isAssignable("demo/Derived", "java/lang/Runnable"))
                    .isEqualTo(Answer.YES);
            assertThat(hierarchy.isAssignable("demo/Base", "demo/Derived")).isEqualTo(Answer.NO);
            assertThat(hierarchy.isAssignable("[Ldemo/Derived;", "[Ldemo/Base;"))
                    .isEqualTo(Answer.YES);
            assertThat(hierarchy.isAssignable("[I", "[Ljava/lang/Object;")).isEqualTo(Answer.NO);
            assertThat(hierarchy.isAssignable("[[I", "[Ljava/lang/Cloneable;")).isEqualTo(Answer.YES);
            assertThat(hierarchy.isAssignable("[I", "[J")).isEqualTo(Answer.NO);
            assertThat(hierarchy.isAssignable("demo/Absent", "demo/Base")).isEqualTo(Answer.UNKNOWN);
            assertThat(hierarchy.isInterface("java/util/List")).isEqualTo(Answer.YES);
            assertThat(hierarchy.superclasses("demo/Derived"))
                    .isEqualTo(
                            new ClassHierarchy.Superclasses(java.util.List.of("demo/Base", "java/lang/Object"), true));
            // Without the JDK, whether Base is a Thread can't be told.
            assertThat(new ClassHierarchy(open).isAssignable("demo/Base", "java/lang/Thread"))
                    .isEqualTo(Answer.UNKNOWN);
        }
    }

    @Test
    void circularHierarchiesEnd() throws IOException {
        Map<String, byte[]> first = JavaSources.compile(
                Map.of("p/A.java", "package p; class A {}", "p/B.java", "package p; class B extends A {}"));
        Map<String, byte[]> second = JavaSources.compile(
                Map.of("p/A.java", "package p; class A extends B {}", "p/B.java", "package p; class B {}"));
        JavaSources.write(temp, Map.of("p/A.class", second.get("p/A.class"), "p/B.class", first.get("p/B.class")));
        try (ClassRepositories classes = ClassRepositories.directory(temp)) {
            ClassHierarchy hierarchy = new ClassHierarchy(classes);
            assertThat(hierarchy.superclasses("p/A").complete()).isFalse();
            assertThat(hierarchy.isAssignable("p/A", "java/lang/Thread")).isEqualTo(Answer.NO);
        }
    }

    private static RawClass found(ClassRepository classes, String name) {
        return requireNonNull(classes.find(name), name);
    }

    private Path jar(String name, Map<String, byte[]> entries) throws IOException {
        Path jar = temp.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return jar;
    }
}

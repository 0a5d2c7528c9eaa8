package org.dvm.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Real classes to test with: those of the running JDK, and jars of many compilers from Maven Central.
 *
 * <p>The build of {@code dvm-testkit} copies the jars to its {@code target} directory: a few for every build, all under the
 * profile {@code slow}. The list stands in that module's POM, with what each jar is there for. Modules built
 * after the testkit find them through the system property {@code dvm.root}.
 */
public final class Corpora {
    /**
     * A class file.
     *
     * @param name where it was, such as {@code guava-33.jar!/com/google/common/base/Joiner.class}
     * @param bytes the class file
     */
    public record ClassFile(String name, byte[] bytes) {}

    private Corpora() {}

    /** Gives all classes of a module of the running JDK, but for its descriptor. */
    public static void forEachJdkClass(String module, Consumer<ClassFile> action) {
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> isClass(file.toString()))
                    .forEach(file -> action.accept(new ClassFile(module + '/' + root.relativize(file), read(file))));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the module " + module, e);
        }
    }

    /** Returns the names of the running JDK's modules, in alphabetical order. */
    public static List<String> jdkModules() {
        return ModuleFinder.ofSystem().findAll().stream()
                .map(module -> module.descriptor().name())
                .sorted()
                .collect(Collectors.toList());
    }

    /** Returns the few jars of every build, in alphabetical order; none outside of a build. */
    public static List<Path> jars() {
        return jarsIn("corpus");
    }

    /** Returns all jars: the few of every build, and those that the profile {@code slow} has copied. */
    public static List<Path> allJars() {
        List<Path> all = new ArrayList<>(jars());
        all.addAll(jarsIn("corpus-whole"));
        return all;
    }

    private static List<Path> jarsIn(String name) {
        String root = System.getProperty("dvm.root", "");
        Path directory = Path.of(root, "dvm-testkit", "target", name);
        if (root.isEmpty() || !Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException("can't list " + directory, e);
        }
    }

    /** Gives all classes of a jar, but for module descriptors and what is under {@code META-INF}. */
    public static void forEachClass(Path jar, Consumer<ClassFile> action) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (isClass(entry.getName()) && !entry.getName().startsWith("META-INF/")) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        action.accept(
                                new ClassFile(jar.getFileName() + "!/" + entry.getName(), content.readAllBytes()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + jar, e);
        }
    }

    /** Returns all classes of a jar. */
    public static List<ClassFile> classes(Path jar) {
        List<ClassFile> classes = new ArrayList<>();
        forEachClass(jar, classes::add);
        return classes;
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class") && !name.endsWith("module-info.class");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }
}

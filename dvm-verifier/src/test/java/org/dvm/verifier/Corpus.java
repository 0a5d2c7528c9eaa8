package org.dvm.verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

/** Real classes by name, and the world that they live in. */
final class Corpus implements ClassRepository {
    private final Map<String, RawClass> classes = new TreeMap<>();
    private final Map<String, RawClass> behind = new HashMap<>();

    private Corpus() {}

    /** Returns the classes of modules of a JDK; the JDK's other modules stand behind them. */
    static Corpus ofModules(Path home, String... modules) {
        Corpus corpus = new Corpus();
        List<String> wanted = List.of(modules);
        try (FileSystem image = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", home.toString()));
                Stream<Path> files = Files.walk(image.getPath("/modules"))) {
            files.filter(file -> file.toString().endsWith(".class")
                            && !file.getFileName().toString().equals("module-info.class"))
                    .forEach(file -> corpus.add(
                            read(file), wanted.contains(file.getName(1).toString())));
        } catch (IOException e) {
            throw new UncheckedIOException("no image of the JDK at " + home, e);
        }
        return corpus;
    }

    /** Returns the classes of the jar that a class comes from, with the running JDK behind them. */
    static Corpus ofJarWith(Class<?> member) {
        Corpus corpus = ofModules(Path.of(System.getProperty("java.home")));
        try (ZipFile jar = new ZipFile(jarOf(member).toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("module-info.class")) {
                    corpus.add(jar.getInputStream(entry).readAllBytes(), true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the jar of " + member, e);
        }
        return corpus;
    }

    static Path jarOf(Class<?> member) {
        return Path.of(URI.create(
                member.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(byte[] bytes, boolean wanted) {
        try {
            RawClass raw = RawClass.parse(bytes);
            (wanted ? classes : behind).putIfAbsent(raw.className(), raw);
        } catch (ClassFormatException e) {
            throw new IllegalStateException("a class of a JDK or library is malformed", e);
        }
    }

    /** Returns the classes in a stable order. */
    List<RawClass> classes() {
        return classes.values().stream()
                .sorted(Comparator.comparing(RawClass::className))
                .toList();
    }

    @Override
    public @Nullable RawClass find(String internalName) {
        RawClass found = classes.get(internalName);
        return found == null ? behind.get(internalName) : found;
    }
}

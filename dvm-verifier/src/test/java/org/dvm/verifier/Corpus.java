package org.dvm.verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepository;
import org.dvm.testkit.Corpora;
import org.jspecify.annotations.Nullable;

/** Real classes by name, and the world that they live in. */
final class Corpus implements ClassRepository {
    private final Map<String, RawClass> classes = new TreeMap<>();
    private final Map<String, RawClass> behind = new HashMap<>();
    private final List<String> places = new ArrayList<>();

    private Corpus() {}

    /** Returns the classes of modules of a JDK; the JDK's other modules stand behind them. */
    static Corpus ofModules(Path home, String... modules) {
        Corpus corpus = new Corpus();
        corpus.addJdk(home, List.of(modules));
        return corpus;
    }

    private void addJdk(Path home, List<String> wanted) {
        wanted.forEach(module -> places.add("jrt:/" + module));
        try (FileSystem image = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", home.toString()));
                Stream<Path> files = Files.walk(image.getPath("/modules"))) {
            files.filter(file -> file.toString().endsWith(".class")
                            && !file.getFileName().toString().equals("module-info.class"))
                    .forEach(file ->
                            add(read(file), wanted.contains(file.getName(1).toString())));
        } catch (IOException e) {
            throw new UncheckedIOException("no image of the JDK at " + home, e);
        }
    }

    /** Returns the classes of jars; a JDK stands behind them. */
    static Corpus ofJars(Path home, List<Path> jars) {
        Corpus corpus = new Corpus();
        for (Path jar : jars) {
            corpus.places.add(jar.toString());
            Corpora.forEachClass(jar, file -> corpus.add(file.bytes(), true));
        }
        corpus.addJdk(home, List.of());
        return corpus;
    }

    /** Returns the jars and modules, for an oracle that is to see the same world. */
    List<String> places() {
        return places;
    }

    /** Returns the classes of the jar that a class comes from, with the running JDK behind them. */
    static Corpus ofJarWith(Class<?> member) {
        return ofJars(Path.of(System.getProperty("java.home")), List.of(jarOf(member)));
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

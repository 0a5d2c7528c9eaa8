package org.dvm.verifier.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.dvm.core.classfile.FormatChecker;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.classfile.RawClass.ClassFormatException;
import org.dvm.core.repository.ClassRepository;
import org.dvm.verifier.ClassResult;
import org.dvm.verifier.Fault;
import org.dvm.verifier.Verdict;
import org.dvm.verifier.Verifier;
import org.jspecify.annotations.Nullable;

/** A class file to verify: where it comes from, and its bytes. */
public final class ClassInput {
    private static final String JRT = "jrt:/";
    private static final String VERSIONS = "META-INF/versions/";

    private final String source;
    private final byte[] bytes;
    private final @Nullable RawClass raw;

    private ClassInput(String source, byte[] bytes) {
        this.source = source;
        this.bytes = bytes;
        this.raw = parse(bytes);
    }

    private static @Nullable RawClass parse(byte[] bytes) {
        try {
            return RawClass.parse(bytes);
        } catch (ClassFormatException e) {
            return null; // the verdict will say what is wrong
        }
    }

    /** Verifies the class. */
    public ClassResult verify(Verifier verifier) {
        RawClass parsed = raw;
        boolean isModule = parsed != null && FormatChecker.isModule(parsed);
        return new ClassResult(source, bytes.length, isModule ? verifyModule() : verifier.verify(bytes));
    }

    /** A module descriptor has a format, but no code. */
    private Verdict verifyModule() {
        try {
            return new Verdict.Accepted(FormatChecker.readModule(bytes).className(), 1, List.of(), List.of());
        } catch (ClassFormatException e) {
            return new Verdict.Rejected(
                    null, 1, e.findings().stream().map(Fault::of).toList());
        }
    }

    /** Returns a repository of the inputs. */
    public static ClassRepository repository(List<ClassInput> inputs) {
        Map<String, RawClass> byName = new HashMap<>();
        for (ClassInput input : inputs) {
            RawClass raw = input.raw;
            if (raw != null && !FormatChecker.isModule(raw)) {
                byName.putIfAbsent(raw.className(), raw);
            }
        }
        return byName::get;
    }

    /** Reads jars, directories, class files and modules. */
    public static List<ClassInput> read(List<String> inputs, int release) throws IOException {
        List<ClassInput> classes = new ArrayList<>();
        for (String input : inputs) {
            Path path = input.startsWith(JRT) ? module(input) : Path.of(input);
            if (Files.isDirectory(path)) {
                readDirectory(input, path, classes);
            } else if (!Files.exists(path)) {
                throw new NoSuchFileException(input);
            } else if (input.endsWith(".class")) {
                classes.add(new ClassInput(input, Files.readAllBytes(path)));
            } else {
                readJar(input, path, release, classes);
            }
        }
        return classes;
    }

    private static Path module(String input) {
        return FileSystems.getFileSystem(URI.create(JRT)).getPath("/modules", input.substring(JRT.length()));
    }

    private static void readDirectory(String input, Path root, List<ClassInput> classes) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            String entry = root.relativize(file).toString().replace('\\', '/');
            classes.add(new ClassInput(input + "!/" + entry, Files.readAllBytes(file)));
        }
    }

    private static void readJar(String input, Path file, int release, List<ClassInput> classes) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ)) {
            for (ZipEntry entry : chosen(jar, release).values()) {
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                classes.add(new ClassInput(input + "!/" + entry.getName(), bytes));
            }
        } catch (ZipException e) {
            throw new IOException(
                    input + ": not a jar: " + e.getMessage() + "; name jars, directories or class files", e);
        }
    }

    /** Returns the entries that the release sees, by the name of the class file without its version's directory. */
    private static Map<String, ZipEntry> chosen(JarFile jar, int release) throws IOException {
        boolean multiRelease = jar.isMultiRelease();
        Map<String, ZipEntry> chosen = new LinkedHashMap<>();
        Map<String, Integer> versions = new HashMap<>();
        for (ZipEntry entry : jar.stream().map(each -> (ZipEntry) each).toList()) {
            String name = entry.getName();
            if (!name.endsWith(".class") || entry.isDirectory()) {
                continue;
            }
            int version = 0;
            String key = name;
            if (name.startsWith(VERSIONS)) {
                int slash = name.indexOf('/', VERSIONS.length());
                version = slash < 0 ? -1 : number(name.substring(VERSIONS.length(), slash));
                key = name.substring(slash + 1);
                if (!multiRelease || version < 0 || version > release) {
                    continue;
                }
            }
            if (version >= versions.getOrDefault(key, 0)) {
                chosen.put(key, entry);
                versions.put(key, version);
            }
        }
        return chosen;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}

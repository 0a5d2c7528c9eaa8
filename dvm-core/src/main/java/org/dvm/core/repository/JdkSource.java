package org.dvm.core.repository;

import java.io.IOException;
import java.net.URI;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The modules of a Java runtime, by package, through its own {@code jrt:} file system. */
final class JdkSource implements ClassSource {
    private static final URI JRT = URI.create("jrt:/");

    private final FileSystem files;
    private final boolean owned;
    private final Map<String, List<Path>> packages = new ConcurrentHashMap<>();

    private JdkSource(FileSystem files, boolean owned) {
        this.files = files;
        this.owned = owned;
    }

    static JdkSource running() {
        return new JdkSource(FileSystems.getFileSystem(JRT), false);
    }

    static JdkSource open(Path javaHome) throws IOException {
        if (!Files.exists(javaHome.resolve("lib/modules")) && !Files.isDirectory(javaHome.resolve("modules"))) {
            throw new IOException("no Java runtime of version 9 or later: " + javaHome + " has no lib/modules");
        }
        try {
            return new JdkSource(FileSystems.newFileSystem(JRT, Map.of("java.home", javaHome.toString())), true);
        } catch (FileSystemNotFoundException | IllegalArgumentException e) {
            throw new IOException("can't open the Java runtime " + javaHome + ": " + e.getMessage(), e);
        }
    }

    @Override
    public byte @Nullable [] read(String internalName) throws IOException {
        int slash = internalName.lastIndexOf('/');
        if (slash < 0 || internalName.contains("..")) {
            return null; // no class of a module is in the unnamed package
        }
        try {
            for (Path module : packages.computeIfAbsent(internalName.substring(0, slash), this::modulesOf)) {
                Path file = module.resolve(internalName + ".class");
                if (Files.exists(file)) {
                    return Files.readAllBytes(file);
                }
            }
            return null;
        } catch (ClosedFileSystemException e) {
            return null;
        }
    }

    /** Returns the directories of the modules that hold a package; several may hold one that isn't exported. */
    private List<Path> modulesOf(String packageName) {
        Path links = files.getPath("/packages", packageName.replace('/', '.'));
        if (!Files.isDirectory(links)) {
            return List.of();
        }
        try (var modules = Files.list(links)) {
            return modules.map(
                            link -> files.getPath("/modules", link.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public void close() throws IOException {
        if (owned) {
            files.close();
        }
    }
}

package org.dvm.core.repository;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * A repository over files that were opened together: made by the factories here, closed by whoever made it.
 *
 * <pre>{@code
 * try (ClassRepositories classes = ClassRepositories.of(
 *         ClassRepositories.classPath("lib/a.jar:classes"), ClassRepositories.runningJdk())) {
 *     ClassHierarchy hierarchy = new ClassHierarchy(classes);
 * }
 * }</pre>
 *
 * <p>Class files are read when they are first asked for and kept in a bounded cache. After {@link #close} nothing is
 * found any more.
 *
 * <p><b>Threads:</b> safe to share; {@link #close} may be called while others ask.
 */
public final class ClassRepositories implements ClassRepository, Closeable {
    /** How many bytes of class files a repository keeps, unless told otherwise: 64 MiB. */
    public static final long DEFAULT_CACHE_BYTES = 64L << 20;

    private final List<ClassSource> sources;
    private final ClassCache cache;

    private ClassRepositories(List<ClassSource> sources, long cacheBytes) {
        this.sources = List.copyOf(sources);
        this.cache = new ClassCache(this::read, cacheBytes);
    }

    /**
     * Returns a repository of a jar, seen as this release of Java sees it: of a multi-release jar the newest version of
     * each class that is not above {@code release}. Classes below {@code BOOT-INF/classes/} and
     * {@code WEB-INF/classes/} are found, too.
     *
     * @throws IOException if the jar can't be opened
     */
    public static ClassRepositories jar(Path jar, int release) throws IOException {
        return new ClassRepositories(List.of(new JarSource(jar, release)), DEFAULT_CACHE_BYTES);
    }

    /** Returns a repository of a jar, seen as the running Java sees it. */
    public static ClassRepositories jar(Path jar) throws IOException {
        return jar(jar, Runtime.version().feature());
    }

    /** Returns a repository of a directory of classes in directories by package. */
    public static ClassRepositories directory(Path directory) {
        return new ClassRepositories(List.of(new DirectorySource(directory)), DEFAULT_CACHE_BYTES);
    }

    /**
     * Returns a repository of the modules of a JDK or other Java runtime, version 9 or later.
     *
     * @param javaHome its home directory, the one with {@code lib/modules}
     * @throws IOException if there is no such runtime
     */
    public static ClassRepositories jdk(Path javaHome) throws IOException {
        return new ClassRepositories(List.of(JdkSource.open(javaHome)), DEFAULT_CACHE_BYTES);
    }

    /** Returns a repository of the modules of the Java runtime that runs this code. */
    public static ClassRepositories runningJdk() {
        return new ClassRepositories(List.of(JdkSource.running()), DEFAULT_CACHE_BYTES);
    }

    /**
     * Returns a repository of a class path: jars and directories in order, {@code lib/*} for all jars of a directory.
     * Entries that don't exist are passed over, as the java command does.
     *
     * @param classPath entries separated by {@link File#pathSeparator}
     * @throws IOException if a jar can't be opened
     */
    public static ClassRepositories classPath(String classPath) throws IOException {
        return classPath(classPath, Runtime.version().feature());
    }

    /**
     * Returns a repository of a class path, its multi-release jars seen as that release of Java sees them.
     *
     * @param classPath entries separated by {@link File#pathSeparator}
     * @param release the feature release, such as 17
     * @throws IOException if a jar can't be opened
     */
    public static ClassRepositories classPath(String classPath, int release) throws IOException {
        List<Path> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            if (entry.equals("*") || entry.endsWith("/*") || entry.endsWith(File.separator + "*")) {
                entries.addAll(jarsIn(Path.of(entry.substring(0, entry.length() - 1))));
            } else if (!entry.isEmpty()) {
                entries.add(Path.of(entry));
            }
        }
        return classPath(entries, release);
    }

    /**
     * Returns a repository of a class path. Entries that don't exist are passed over.
     *
     * @param entries jars and directories in order
     * @throws IOException if a jar can't be opened
     */
    public static ClassRepositories classPath(List<Path> entries) throws IOException {
        return classPath(entries, Runtime.version().feature());
    }

    private static ClassRepositories classPath(List<Path> entries, int release) throws IOException {
        List<ClassSource> sources = new ArrayList<>();
        try {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    sources.add(new DirectorySource(entry));
                } else if (Files.exists(entry)) {
                    sources.add(new JarSource(entry, release));
                }
            }
        } catch (IOException e) {
            closeAll(sources, e);
            throw e;
        }
        return new ClassRepositories(sources, DEFAULT_CACHE_BYTES);
    }

    /**
     * Returns one repository of several: the first that has a class answers. Closing it closes them.
     *
     * @param repositories in order
     */
    public static ClassRepositories of(ClassRepositories... repositories) {
        List<ClassSource> sources = new ArrayList<>();
        for (ClassRepositories repository : repositories) {
            sources.addAll(repository.sources);
        }
        return new ClassRepositories(sources, DEFAULT_CACHE_BYTES);
    }

    /**
     * Returns a repository that asks others in order; the first that has a class answers. They stay their owners' to
     * close.
     */
    public static ClassRepository chain(ClassRepository... repositories) {
        List<ClassRepository> chain = List.of(repositories);
        return internalName -> {
            for (ClassRepository repository : chain) {
                RawClass found = repository.find(internalName);
                if (found != null) {
                    return found;
                }
            }
            return null;
        };
    }

    /**
     * Returns a repository over the resources of a class loader, which must not ask the caller's pipeline again.
     *
     * @param loader the loader; null for the boot loader
     */
    public static ClassRepository loader(@Nullable ClassLoader loader) {
        ClassSource source = new LoaderSource(loader);
        return new ClassCache(name -> readFrom(source, name), DEFAULT_CACHE_BYTES);
    }

    /** Returns a repository over the same files that keeps at most that many bytes of class files. */
    public ClassRepositories withCacheBytes(long cacheBytes) {
        return new ClassRepositories(sources, cacheBytes);
    }

    @Override
    public @Nullable RawClass find(String internalName) {
        return cache.find(internalName);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (int i = sources.size() - 1; i >= 0; i--) {
            try {
                sources.get(i).close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        cache.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private @Nullable RawClass read(String internalName) {
        for (ClassSource source : sources) {
            RawClass found = readFrom(source, internalName);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable RawClass readFrom(ClassSource source, String internalName) {
        try {
            byte[] bytes = source.read(internalName);
            if (bytes == null) {
                return null;
            }
            RawClass parsed = RawClass.parse(bytes);
            // A file under another name than its class's is no answer: on a JVM it would be NoClassDefFoundError.
            return parsed.className().equals(internalName) ? parsed : null;
        } catch (IOException | RawClass.ClassFormatException e) {
            return null;
        }
    }

    private static List<Path> jarsIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.filter(entry ->
                            entry.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void closeAll(List<ClassSource> sources, IOException cause) {
        for (ClassSource source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}

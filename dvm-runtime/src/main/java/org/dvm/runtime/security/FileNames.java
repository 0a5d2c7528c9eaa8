package org.dvm.runtime.security;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Resolves names of files to what the kernel would open: symbolic links followed, also dangling ones. */
final class FileNames {
    /** As many symbolic links as Linux follows. */
    private static final int MAX_LINKS = 40;

    static final FileSystem DEFAULT = FileSystems.getDefault();

    private FileNames() {}

    /**
     * Returns the absolute path that a name leads to; what doesn't exist yet is taken as it stands below its nearest
     * existing directory.
     *
     * @throws IOException if the name leads into a loop of links or can't be followed
     * @throws java.nio.file.InvalidPathException if the name is none
     */
    static String resolve(String name) throws IOException {
        return resolve(DEFAULT.getPath(name).toAbsolutePath(), 0).toString();
    }

    private static Path resolve(Path absolute, int links) throws IOException {
        if (links > MAX_LINKS) {
            throw new IOException("too many symbolic links: " + absolute);
        }
        try {
            return absolute.toRealPath();
        } catch (java.nio.file.NoSuchFileException e) {
            return resolveMissing(absolute, links);
        }
    }

    private static Path resolveMissing(Path absolute, int links) throws IOException {
        @Nullable Path parent = absolute.getParent();
        @Nullable Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return absolute;
        }
        Path directory = resolve(parent, links);
        if (name.toString().equals("..")) {
            @Nullable Path above = directory.getParent();
            return above == null ? directory : above;
        }
        if (name.toString().equals(".") || name.toString().isEmpty()) {
            return directory;
        }
        Path entry = directory.resolve(name);
        return Files.isSymbolicLink(entry)
                ? resolve(directory.resolve(Files.readSymbolicLink(entry)), links + 1)
                : entry;
    }

    /** Returns whether a path has {@code ..} in it, so that where it leads depends on where one starts. */
    static boolean climbs(Path path) {
        for (Path name : path) {
            if (name.toString().equals("..")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns an entry of an open directory; null if its place isn't known for sure, for the directory may have been
     * moved since.
     */
    static @Nullable Path entry(@Nullable String directory, @Nullable Object name) {
        if (directory == null || !(name instanceof Path entry) || entry.getFileSystem() != DEFAULT || climbs(entry)) {
            return null;
        }
        return DEFAULT.getPath(directory).resolve(entry);
    }
}

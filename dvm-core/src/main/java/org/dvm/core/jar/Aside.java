package org.dvm.core.jar;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/**
 * A file or directory that is made beside the place where it shall stand, and moved there when it is complete. Whoever
 * is killed in between leaves what stood there before, and at worst {@code .name.….dvm-tmp} beside it.
 */
final class Aside implements Closeable {
    private final Path target;
    private final Path path;

    private Aside(Path target) throws IOException {
        this.target = target.toAbsolutePath();
        Path directory = this.target.getParent();
        Path name = this.target.getFileName();
        if (directory == null || name == null) {
            throw new IOException("not a place for an output: " + target);
        }
        Files.createDirectories(directory);
        this.path = directory.resolve("." + name + "." + UUID.randomUUID() + ".dvm-tmp");
    }

    static Aside of(Path target) throws IOException {
        return new Aside(target);
    }

    /** Returns where to write; nothing stands there yet. */
    Path path() {
        return path;
    }

    /** Gives the file the permissions of another, where the file system has such. */
    void permissionsOf(Path other) throws IOException {
        PosixFileAttributeView from = Files.getFileAttributeView(other, PosixFileAttributeView.class);
        PosixFileAttributeView to = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (from != null && to != null) {
            to.setPermissions(from.readAttributes().permissions());
        }
    }

    /** Puts what was written into its place. */
    void commit() throws IOException {
        move(path, target);
    }

    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes what wasn't put into its place. */
    @Override
    public void close() throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(path, new Deleter());
        } else {
            Files.deleteIfExists(path);
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(
                Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file or directory that is made beside the place where it shall stand, and moved there when it is complete. Whoever
 * is killed in between leaves what stood there before, and at worst {@code .name.….dvm-tmp} beside it.
 *
 * <p>No file system that Java knows exchanges two directories in one step, so an old directory is moved aside first, and
 * back where the new one can't take its place. Whoever is killed between the two moves leaves both aside, each whole.
 */
final class Aside implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

    private final Path target;
    private final Path path;
    private final Path old;

    private Aside(Path target) throws IOException {
        this.target = target.toAbsolutePath();
        Path directory = this.target.getParent();
        Path name = this.target.getFileName();
        if (directory == null || name == null) {
            throw new IOException("not a place for an output: " + target);
        }
        Files.createDirectories(directory);
        String prefix = "." + name + "." + UUID.randomUUID();
        this.path = directory.resolve(prefix + ".dvm-tmp");
        this.old = directory.resolve(prefix + ".old.dvm-tmp");
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

    /**
     * Puts what was written into its place. A directory there is replaced as a whole or stays.
     *
     * @throws IOException if that fails; what stood there before stands there still, or the message says where
     */
    void commit() throws IOException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            replaceDirectory();
        } else {
            move(path, target);
        }
    }

    private void replaceDirectory() throws IOException {
        try {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException(
                    target + " can't be replaced as a whole and stays as it was: it can't be moved aside (" + e
                            + "); if it is a mount point or in use by a program, write to another directory",
                    e);
        }
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            restore(e);
        }
        try {
            delete(old);
        } catch (IOException e) {
            LOG.warn("{} was replaced; what stood there before couldn't be deleted: {}", target, old, e);
        }
    }

    private void restore(IOException failure) throws IOException {
        try {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            e.addSuppressed(failure);
            throw new IOException(target + " can't be replaced; what stood there before is at " + old, e);
        }
        throw new IOException(target + " can't be replaced and is as it was: " + failure, failure);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes what wasn't put into its place. */
    @Override
    public void close() throws IOException {
        delete(path);
    }

    private static void delete(Path made) throws IOException {
        if (Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(made, new Deleter());
        } else {
            Files.deleteIfExists(made);
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

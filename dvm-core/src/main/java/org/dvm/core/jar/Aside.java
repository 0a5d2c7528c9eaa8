package org.dvm.core.jar;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file or directory that is made beside the place where it shall stand, and moved there when it is complete. Whoever
 * is killed in between leaves what stood there before, and at worst {@code .name.….dvm-tmp} beside it, which rewritings
 * to the same place remove a day later.
 *
 * <p>No file system that Java knows exchanges two directories in one step, so an old directory is moved aside first, and
 * back where the new one can't take its place. Whoever is killed between the two moves leaves both aside, each whole.
 */
final class Aside implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

    private static final String ENDING = ".dvm-tmp";
    private static final int UUID_LENGTH = 36;
    private static final int MAX_LINKS = 40;
    private static final Duration FORGOTTEN_AGE = Duration.ofDays(1);

    private final Path target;
    private final Path path;
    private final Path old;

    private Aside(Path target) throws IOException {
        this.target = placeOf(target);
        Path directory = this.target.getParent();
        Path name = this.target.getFileName();
        if (directory == null || name == null) {
            throw new IOException("not a place for an output: " + target);
        }
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(e.getFile() + " is there and no directory: " + target + " can't be in it", e);
        }
        removeForgotten(directory, name);
        String prefix = "." + name + "." + UUID.randomUUID();
        this.path = directory.resolve(prefix + ENDING);
        this.old = directory.resolve(prefix + ".old" + ENDING);
    }

    /**
     * Makes place for a file.
     *
     * @throws IOException if something stands there that is no file: it isn't replaced
     */
    static Aside ofFile(Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException("the output is to be a file, and " + target + " is there and "
                    + (Files.isDirectory(target) ? "a directory" : "no ordinary file") + ": name another place");
        }
        return new Aside(target);
    }

    /**
     * Makes place for a directory.
     *
     * @throws IOException if something stands there that is no directory: it isn't replaced
     */
    static Aside ofDirectory(Path target) throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new IOException("the output is to be a directory, as the input is one, and " + target
                    + " is there and none: name another place");
        }
        return new Aside(target);
    }

    /** Returns the place to which links lead: the output takes the place of what they mean and not theirs. */
    static Path placeOf(Path target) throws IOException {
        Path place = target.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(place); links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemLoopException(target.toString());
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        return place;
    }

    /** Removes what rewritings to this place left that were killed. */
    private static void removeForgotten(Path directory, Path name) {
        Instant tooOld = Instant.now().minus(FORGOTTEN_AGE);
        String prefix = "." + name + ".";
        try (var forgotten = Files.newDirectoryStream(directory, file -> isForgotten(file, prefix, tooOld))) {
            for (Path file : forgotten) {
                delete(file);
            }
        } catch (IOException | DirectoryIteratorException e) { // not to be listed, or somebody else removes it, too
            LOG.debug("can't remove what was forgotten in {}", directory, e);
        }
    }

    private static boolean isForgotten(Path file, String prefix, Instant tooOld) throws IOException {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(prefix)
                && name.length() == prefix.length() + UUID_LENGTH + ENDING.length()
                && name.endsWith(ENDING)
                && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(tooOld);
    }

    /** Says a failure in terms of the place that the user named. */
    IOException inTermsOfTarget(FileSystemException e) {
        String file = inTermsOfTarget(e.getFile());
        String other = inTermsOfTarget(e.getOtherFile());
        if (Objects.equals(file, e.getFile()) && Objects.equals(other, e.getOtherFile())) {
            return e;
        }
        String reason = e instanceof AccessDeniedException ? "no permission" : e.getReason();
        FileSystemException said = new FileSystemException(file, other, "the output can't be written: " + reason);
        said.initCause(e);
        return said;
    }

    private @Nullable String inTermsOfTarget(@Nullable String file) {
        String made = path.toString();
        return file != null && file.startsWith(made) ? target + file.substring(made.length()) : file;
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
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}

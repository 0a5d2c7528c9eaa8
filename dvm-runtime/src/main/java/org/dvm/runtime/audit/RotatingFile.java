package org.dvm.runtime.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to, and put aside as {@code name.1}, {@code name.2}... when it is full. Only its owner may
 * read it; a symbolic link in its place is not followed.
 *
 * <p><b>Threads:</b> one.
 */
final class RotatingFile implements Closeable {
    private final Path path;
    private final long maxBytes;
    private final int maxFiles;
    private @Nullable FileChannel channel;
    private long size;
    private int nextNumber;

    RotatingFile(Path path, long maxBytes, int maxFiles) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Appends whole lines; after a failure the next call opens the file anew. */
    void append(byte[] lines, int length) throws IOException {
        try {
            if (size > 0 && size + length > maxBytes) {
                putAside();
            }
            FileChannel open = channel();
            ByteBuffer buffer = ByteBuffer.wrap(lines, 0, length);
            while (buffer.hasRemaining()) {
                size += open.write(buffer);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Set<OpenOption> options =
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
            open = FileChannel.open(path, options, ownerOnly(path));
            channel = open;
            size = open.size();
        }
        return open;
    }

    static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private void putAside() throws IOException {
        close();
        while (nextNumber == 0 || Files.exists(aside(nextNumber), LinkOption.NOFOLLOW_LINKS)) {
            nextNumber++;
        }
        if (maxFiles == 0) {
            Files.delete(path);
        } else {
            Files.move(path, aside(nextNumber), StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(aside(nextNumber - maxFiles));
            nextNumber++;
        }
        size = 0;
    }

    private Path aside(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        size = 0;
        if (open != null) {
            open.close();
        }
    }
}

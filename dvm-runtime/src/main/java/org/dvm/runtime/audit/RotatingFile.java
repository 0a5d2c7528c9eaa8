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
    private static final byte[] LINE_END = {'\n'};

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

    /** Appends whole lines, all or none of them; after a failure the next call opens the file anew. */
    void append(byte[] lines, int length) throws IOException {
        try {
            if (size > 0 && size + length > maxBytes) {
                putAside();
            }
            write(channel(), ByteBuffer.wrap(lines, 0, length));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void write(FileChannel open, ByteBuffer lines) throws IOException {
        long before = open.size();
        try {
            while (lines.hasRemaining()) {
                open.write(lines);
            }
            size = before + lines.limit();
        } catch (IOException e) {
            takeBack(open, before, lines.position(), e);
            throw e;
        }
    }

    /** Cuts off what a full disk let through, unless another process that shares the file has written behind it. */
    private static void takeBack(FileChannel open, long before, int written, IOException failure) {
        try {
            if (open.size() == before + written) {
                open.truncate(before);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
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
            if (size > 0 && !endsInLineEnd()) {
                size += open.write(
                        ByteBuffer.wrap(LINE_END)); // whoever wrote it before was killed in the middle of a line
            }
        }
        return open;
    }

    private boolean endsInLineEnd() throws IOException {
        try (FileChannel reading = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return reading.read(last, reading.size() - 1) == 1 && last.get(0) == LINE_END[0];
        }
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

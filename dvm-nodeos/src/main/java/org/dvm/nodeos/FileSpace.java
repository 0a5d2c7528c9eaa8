package org.dvm.nodeos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one domain: a flat set of names, kept when the domain or the node ends and found again by a domain of the
 * same path. No domain can name a file of another one.
 *
 * <p>Each file is charged in full blocks of {@link MemoryPool#PAGE_BYTES}, at least one, against the domain's file bytes.
 * A file is written aside and then moved into its place, so a reader sees the old content or the new.
 *
 * <p><b>Threads:</b> any threads of the domain.
 */
public final class FileSpace {
    private static final int LONGEST_NAME = 128;
    private static final String ASIDE = ".aside";

    private final Domain domain;
    private final @Nullable Path directory;
    private final long limitBytes;
    private long usedBytes = -1;

    FileSpace(Domain domain, @Nullable Path directory, long limitBytes) {
        this.domain = domain;
        this.directory = directory;
        this.limitBytes = limitBytes;
    }

    /**
     * Writes a file, new or in place of the old one.
     *
     * @param name 1 to 128 letters, digits, dots, dashes or underscores, not beginning with a dot
     * @param content its bytes
     * @throws ResourceException if the domain's file bytes do not suffice; the old file is unchanged
     * @throws UncheckedIOException if the machine's file system fails; the old file is unchanged
     */
    public synchronized void write(String name, byte[] content) {
        domain.checkpoint();
        Path file = open().resolve(checked(name));
        try {
            long before = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? cost(Files.size(file)) : 0;
            long after = cost(content.length);
            long left = limitBytes - used() + before;
            if (after > left) {
                throw new ResourceException("file space in bytes", after, Math.max(0, left));
            }
            Path aside = open().resolve(ASIDE);
            Files.write(aside, content);
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            usedBytes += after - before;
        } catch (IOException e) {
            throw failed("write", name, e);
        }
    }

    /**
     * Reads a file.
     *
     * @param name its name
     * @return its bytes
     * @throws UncheckedIOException if there is none or the machine's file system fails
     */
    public synchronized byte[] read(String name) {
        domain.checkpoint();
        Path file = open().resolve(checked(name));
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw failed("read", name, e);
        }
    }

    /**
     * Removes a file.
     *
     * @param name its name
     * @return true if there was one
     * @throws UncheckedIOException if the machine's file system fails
     */
    public synchronized boolean delete(String name) {
        domain.checkpoint();
        Path file = open().resolve(checked(name));
        try {
            used(); // before the file is gone
            long cost = cost(Files.size(file));
            Files.delete(file);
            usedBytes -= cost;
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw failed("delete", name, e);
        }
    }

    /**
     * Lists the files.
     *
     * @return names in order
     * @throws UncheckedIOException if the machine's file system fails
     */
    public synchronized List<String> list() {
        domain.checkpoint();
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(open())) {
            files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .forEach(names::add);
            return names;
        } catch (IOException e) {
            throw failed("list", "", e);
        }
    }

    /**
     * Returns what the files are charged.
     *
     * @return bytes
     * @throws UncheckedIOException if the machine's file system fails
     */
    public synchronized long usedBytes() {
        domain.checkpoint();
        open();
        return used();
    }

    /**
     * Returns what the files may be charged.
     *
     * @return bytes
     */
    public long limitBytes() {
        return limitBytes;
    }

    private Path open() {
        if (directory == null) {
            throw new IllegalStateException("node was built without a directory for files");
        }
        try {
            Files.createDirectories(directory);
            return directory;
        } catch (IOException e) {
            throw failed("open", "", e);
        }
    }

    private long used() {
        if (usedBytes < 0) {
            long sum = 0;
            for (String name : list()) {
                try {
                    sum += cost(Files.size(open().resolve(name)));
                } catch (IOException e) {
                    throw failed("measure", name, e);
                }
            }
            usedBytes = sum;
        }
        return usedBytes;
    }

    private static long cost(long bytes) {
        return Math.max(1, MemoryPool.pagesFor(bytes)) * MemoryPool.PAGE_BYTES;
    }

    private static String checked(String name) {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*") || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "file name must be 1 to 128 letters, digits, dots, dashes or underscores and not begin with a dot:"
                            + " name='" + name + "'");
        }
        return name;
    }

    private UncheckedIOException failed(String operation, String name, IOException e) {
        return new UncheckedIOException(
                operation + " of file '" + name + "' of domain " + domain.path() + " failed: " + e.getMessage(), e);
    }
}

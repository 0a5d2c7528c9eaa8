package org.dvm.core.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.dvm.core.internal.Sha256;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache in a directory, shared by processes and kept from run to run.
 *
 * <p>A value is a file of its own, written aside and moved into its place, with a checksum that is verified whenever it
 * is read: whoever is killed while writing leaves nothing that is taken for a value, and a damaged file is removed. When
 * the files exceed the capacity, those that weren't asked for longest are removed, by one process at a time; between two
 * such cleanings processes together may exceed it.
 *
 * <p>The checksum finds accidents, not attackers: the directory must be writable by its owner only, and is refused
 * otherwise where the file system knows permissions.
 */
public final class DiskCache implements TransformCache {
    /*
     * A file, named by its key in a directory named by the key's first two digits:
     *
     *   0        4                36
     *   | magic  | SHA-256        | value ...
     */
    private static final int MAGIC = 0x44564d31; // DVM1
    private static final int CHECKSUM_OFFSET = 4;
    private static final int VALUE_OFFSET = CHECKSUM_OFFSET + Sha256.BYTES;
    private static final String UNFINISHED = ".unfinished";
    private static final Duration UNFINISHED_AGE = Duration.ofHours(1);
    private static final Duration USE_RESOLUTION = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(DiskCache.class);

    private record Stored(Path file, long bytes, FileTime lastUse) {}

    private final Path directory;
    private final long capacityBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean cleaning = new AtomicBoolean();
    private final AtomicBoolean complained = new AtomicBoolean();

    private DiskCache(Path directory, long capacityBytes) {
        this.directory = directory;
        this.capacityBytes = capacityBytes;
    }

    /**
     * Opens the cache in a directory, which is made if it isn't there.
     *
     * @param capacityBytes how much the files may take, 1 or more; a value of more than a quarter of it isn't kept
     * @throws IOException if the directory can't be made, or others than its owner may write to it
     */
    public static DiskCache open(Path directory, long capacityBytes) throws IOException {
        if (capacityBytes < 1) {
            throw new IllegalArgumentException("capacityBytes must be positive: capacityBytes=" + capacityBytes);
        }
        Path absolute = directory.toAbsolutePath();
        create(absolute);
        checkPermissions(absolute);
        DiskCache cache = new DiskCache(absolute, capacityBytes);
        cache.clean();
        return cache;
    }

    private static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static void checkPermissions(Path directory) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(
                    "others may write to the cache " + directory
                            + " and so decide which code runs: take that right from them (chmod go-w) or use another directory");
        }
    }

    @Override
    public byte @Nullable [] get(CacheKey key) {
        Path file = fileOf(key);
        try {
            byte[] content = Files.readAllBytes(file);
            byte[] value = valueOf(content);
            if (value == null) {
                LOG.warn("removed a damaged file from the cache: {}", file);
                Files.deleteIfExists(file);
                return null;
            }
            noteUse(file);
            return value;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            complain("read", e);
            return null;
        }
    }

    private static byte @Nullable [] valueOf(byte[] content) {
        if (content.length < VALUE_OFFSET || ByteBuffer.wrap(content).getInt() != MAGIC) {
            return null;
        }
        byte[] value = Arrays.copyOfRange(content, VALUE_OFFSET, content.length);
        byte[] checksum = Sha256.of(value);
        return Arrays.equals(content, CHECKSUM_OFFSET, VALUE_OFFSET, checksum, 0, Sha256.BYTES) ? value : null;
    }

    private static void noteUse(Path file) throws IOException {
        Instant now = Instant.now();
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(USE_RESOLUTION))) {
            Files.setLastModifiedTime(file, FileTime.from(now));
        }
    }

    @Override
    public void put(CacheKey key, byte[] value) {
        long size = (long) VALUE_OFFSET + value.length;
        if (size > capacityBytes / 4) {
            return;
        }
        Path file = fileOf(key);
        Path unfinished = file.resolveSibling(UUID.randomUUID() + UNFINISHED);
        try {
            Files.createDirectories(file.getParent());
            ByteBuffer content = ByteBuffer.allocate((int) size);
            content.putInt(MAGIC).put(Sha256.of(value)).put(value);
            Files.write(unfinished, content.array(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (bytes.addAndGet(size) > capacityBytes) {
                clean();
            }
        } catch (IOException e) {
            complain("write", e);
            deleteQuietly(unfinished);
        }
    }

    /** Counts the files, removes those in excess and what was never finished; nothing if another one is about it. */
    private void clean() throws IOException {
        if (!cleaning.compareAndSet(false, true)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                @Nullable FileLock lock = tryLock(channel)) {
            if (lock != null) {
                bytes.set(removeExcess());
            } else {
                bytes.set(capacityBytes / 2); // another process cleans: ask again later
            }
        } finally {
            cleaning.set(false);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) { // another cache object of this process
            return null;
        }
    }

    private long removeExcess() throws IOException {
        List<Stored> stored = list();
        long total = stored.stream().mapToLong(Stored::bytes).sum();
        if (total <= capacityBytes) {
            return total;
        }
        stored.sort(Comparator.comparing(Stored::lastUse));
        for (Stored each : stored) {
            if (total <= capacityBytes - capacityBytes / 5) {
                break;
            }
            Files.deleteIfExists(each.file);
            total -= each.bytes;
        }
        return total;
    }

    /** Returns the values' files and removes old unfinished ones; files of other names are let alone. */
    private List<Stored> list() throws IOException {
        List<Stored> stored = new ArrayList<>();
        Instant tooOld = Instant.now().minus(UNFINISHED_AGE);
        try (var shelves = Files.newDirectoryStream(directory, "[0-9a-f][0-9a-f]")) {
            for (Path shelf : shelves) {
                try (var files = Files.newDirectoryStream(shelf)) {
                    for (Path file : files) {
                        collect(file, tooOld, stored);
                    }
                }
            }
        }
        return stored;
    }

    private static void collect(Path file, Instant tooOld, List<Stored> stored) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            String name = file.getFileName().toString();
            if (name.endsWith(UNFINISHED)) {
                if (attributes.lastModifiedTime().toInstant().isBefore(tooOld)) {
                    Files.deleteIfExists(file);
                }
            } else if (name.matches("[0-9a-f]{64}")) {
                stored.add(new Stored(file, attributes.size(), attributes.lastModifiedTime()));
            }
        } catch (NoSuchFileException e) { // gone meanwhile
            LOG.debug("{} is gone", file);
        }
    }

    private Path fileOf(CacheKey key) {
        return directory.resolve(key.text().substring(0, 2)).resolve(key.text());
    }

    private void complain(String action, IOException e) {
        if (complained.compareAndSet(false, true)) {
            LOG.warn("can't {} the cache {}; going on without: {}", action, directory, e.toString());
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("can't remove {}", file, e);
        }
    }
}

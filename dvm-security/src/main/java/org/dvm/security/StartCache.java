package org.dvm.security;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A directory with what earlier starts have found out, so that later ones needn't.
 *
 * <p>What stands in it decides what is guarded, so it is used only if nobody but the process's own user can write there:
 * the directory is that user's, is no link, and is closed to everybody else. Restricted code of this process can't reach
 * it either, whatever policy says. Checksums find what a crash or a disk has damaged; they are no signature.
 *
 * <pre>
 * magic "DVMS" | u4 length of content | u8 digest of content | content
 * </pre>
 */
final class StartCache {
    private static final int MAGIC = 0x44564D53;
    private static final int HEADER = 16;
    private static final long MAX_BYTES = 64L << 20;
    private static final int OTHERS = 0077;

    private final Path directory;

    /** Changes with the build of this library and with the JDK: part of each file's name. */
    private final String identity;

    private StartCache(Path directory, String identity) {
        this.directory = directory;
        this.identity = identity;
    }

    /**
     * Opens a cache.
     *
     * @param directory where; made if it isn't there
     * @param build changes with each build of this library
     * @return null if the directory can't be trusted, or there is nothing to tell JDKs apart by
     */
    static @Nullable StartCache open(Path directory, String build) {
        try {
            File modules = new File(System.getProperty("java.home"), "lib/modules");
            if (!modules.isFile() || !isPrivate(directory)) {
                return null;
            }
            long key = digest((build
                            + '|'
                            + modules.getPath()
                            + '|'
                            + modules.length()
                            + '|'
                            + modules.lastModified()
                            + '|'
                            + System.getProperty("java.vm.version"))
                    .getBytes(StandardCharsets.UTF_8));
            return new StartCache(directory.toRealPath(), Long.toHexString(key));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null; // a slower start is no reason not to start
        }
    }

    private static boolean isPrivate(Path directory) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Path parent = directory.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            FileAttribute<?> mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectory(directory, mine);
        }
        Map<String, Object> found =
                Files.readAttributes(directory, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return Boolean.TRUE.equals(found.get("isDirectory"))
                && self.equals(found.get("uid"))
                && found.get("mode") instanceof Integer mode
                && (mode & OTHERS) == 0;
    }

    /** Returns the directory, links followed: restricted code must not change it. */
    Path directory() {
        return directory;
    }

    /** Returns the content of a file; null if it isn't there or is damaged. */
    byte @Nullable [] read(String name) {
        byte[] file;
        try (FileInputStream in = new FileInputStream(new File(directory.toString(), fileName(name)))) {
            file = in.readAllBytes();
        } catch (IOException e) {
            return null;
        }
        Cursor cursor = new Cursor(file, 0);
        if (file.length < HEADER || cursor.u4() != MAGIC || cursor.u4() != file.length - HEADER) {
            return null;
        }
        return cursor.u8() == digest(file, HEADER, file.length - HEADER) ? file : null;
    }

    /** Returns where the content begins in what {@link #read} returns. */
    static int contentOffset() {
        return HEADER;
    }

    /** Writes a file aside and moves it to its place; does nothing if that fails. */
    void write(String name, byte[] content) {
        if (content.length > MAX_BYTES) {
            return;
        }
        Path aside =
                directory.resolve(fileName(name) + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length + HEADER);
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(MAGIC);
            out.writeInt(content.length);
            out.writeLong(digest(content));
            out.write(content);
            Files.write(aside, bytes.toByteArray());
            Files.move(aside, directory.resolve(fileName(name)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LoggerFactory.getLogger(StartCache.class).debug("the start cache can't be written", e);
        } finally {
            aside.toFile().delete();
        }
    }

    private String fileName(String name) {
        return identity + "-" + name;
    }

    /** Tells contents apart that nobody makes up: the JVM computes it fast even before anything is compiled. */
    static long digest(byte[] content) {
        return digest(content, 0, content.length);
    }

    private static long digest(byte[] content, int from, int length) {
        CRC32 first = new CRC32();
        first.update(content, from, length);
        CRC32C second = new CRC32C();
        second.update(content, from, length);
        return first.getValue() << 32 | second.getValue();
    }

    /** Reads numbers out of an array; plain arithmetic, since it runs before anything is compiled. */
    static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        int at() {
            return at;
        }

        void skip(int count) {
            at += count;
        }

        int u4() {
            int from = at;
            at = from + 4;
            return bytes[from] << 24
                    | (bytes[from + 1] & 0xFF) << 16
                    | (bytes[from + 2] & 0xFF) << 8
                    | bytes[from + 3] & 0xFF;
        }

        long u8() {
            long high = u4();
            return high << 32 | u4() & 0xFFFF_FFFFL;
        }

        /** Reads a small number: 7 bits a byte, the low ones first. */
        int number() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
                value |= (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        byte[] bytes(int length) {
            byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return copy;
        }

        String text() {
            int length = number();
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
    }
}

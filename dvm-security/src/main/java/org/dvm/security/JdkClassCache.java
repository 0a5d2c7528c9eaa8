package org.dvm.security;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's classes are rewritten to, by their content. A class that the JVM hands over with other bytes than
 * before, because another agent has changed it, isn't found and is rewritten anew.
 *
 * <pre>
 * u4 count of classes | u8 digest of the original, u4 offset in the bodies, u4 length (0: stays as it is), by digest
 * bodies
 * </pre>
 *
 * <p><b>Threads:</b> all.
 */
final class JdkClassCache {
    /** What stands for a class that stays as it is. */
    static final byte[] UNCHANGED = {};

    private static final int ENTRY = 16;
    private static final int MAX_CLASSES = 20_000;

    private final byte[] file;
    private final int index;
    private final int count;
    private final int bodies;
    private final Map<Long, byte[]> found = new ConcurrentHashMap<>();

    private JdkClassCache(byte[] file, int from) {
        StartCache.Cursor in = new StartCache.Cursor(file, from);
        this.file = file;
        this.count = in.u4();
        this.index = in.at();
        this.bodies = index + count * ENTRY;
    }

    /** Returns one without classes. */
    static JdkClassCache empty() {
        return new JdkClassCache(new byte[4], 0);
    }

    /** Reads what {@link #content} returned; empty without it. */
    static JdkClassCache of(byte @Nullable [] file) {
        return file == null ? empty() : new JdkClassCache(file, StartCache.contentOffset());
    }

    /** Returns whether nothing was known when it was read. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Returns what a class is rewritten to, or {@link #UNCHANGED}; null if that isn't known. */
    byte @Nullable [] find(byte[] original) {
        long digest = StartCache.digest(original);
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            StartCache.Cursor entry = new StartCache.Cursor(file, index + middle * ENTRY);
            long key = entry.u8();
            if (key == digest) {
                int offset = entry.u4();
                int length = entry.u4();
                return length == 0 ? UNCHANGED : new StartCache.Cursor(file, bodies + offset).bytes(length);
            }
            if (key < digest) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** Keeps what a class was rewritten to, for later starts. */
    void keep(byte[] original, byte[] rewritten) {
        if (found.size() + count < MAX_CLASSES) {
            found.put(StartCache.digest(original), rewritten);
        }
    }

    /** Returns whether later starts would profit from writing it. */
    boolean hasNews() {
        return !found.isEmpty();
    }

    /** Returns all that is known, as bytes. */
    byte[] content() {
        TreeMap<Long, byte[]> all = new TreeMap<>(found);
        for (int i = 0; i < count; i++) {
            StartCache.Cursor entry = new StartCache.Cursor(file, index + i * ENTRY);
            long digest = entry.u8();
            int offset = entry.u4();
            all.put(digest, new StartCache.Cursor(file, bodies + offset).bytes(entry.u4()));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(all.size());
            int offset = 0;
            for (Map.Entry<Long, byte[]> entry : all.entrySet()) {
                out.writeLong(entry.getKey());
                out.writeInt(offset);
                out.writeInt(entry.getValue().length);
                offset += entry.getValue().length;
            }
            for (byte[] body : all.values()) {
                out.write(body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory refused a write", e);
        }
        return bytes.toByteArray();
    }
}

package org.dvm.core.cache;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cache in memory; the value that wasn't asked for longest goes first. */
public final class MemoryCache implements TransformCache {
    /** What an entry costs besides its value: key, node and array header, estimated. */
    private static final int ENTRY_BYTES = 256;

    private final long capacityBytes;
    private final Map<CacheKey, byte[]> values = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * Makes an empty cache.
     *
     * @param capacityBytes how much it may hold, 0 or more; a value of more than a quarter of it isn't kept
     */
    public MemoryCache(long capacityBytes) {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("capacityBytes must not be negative: capacityBytes=" + capacityBytes);
        }
        this.capacityBytes = capacityBytes;
    }

    @Override
    public synchronized byte @Nullable [] get(CacheKey key) {
        return values.get(key);
    }

    @Override
    public synchronized void put(CacheKey key, byte[] value) {
        if (costOf(value) > capacityBytes / 4) {
            return;
        }
        byte[] before = values.put(key, value);
        bytes += costOf(value) - (before == null ? 0 : costOf(before));
        Iterator<byte[]> eldest = values.values().iterator();
        while (bytes > capacityBytes) {
            bytes -= costOf(eldest.next());
            eldest.remove();
        }
    }

    private static long costOf(byte[] value) {
        return (long) ENTRY_BYTES + value.length;
    }
}

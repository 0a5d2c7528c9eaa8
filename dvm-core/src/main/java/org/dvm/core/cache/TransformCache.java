package org.dvm.core.cache;

import org.jspecify.annotations.Nullable;

/**
 * Keeps values by key. A cache may forget at any time, but what it returns is what was put.
 *
 * <p>Whoever can write to a cache decides which code runs: it belongs in the hands that the pipeline is in.
 *
 * <p><b>Threads:</b> safe to share.
 */
public interface TransformCache {
    /** Returns the value of a key, or null. The array must not be written to. */
    byte @Nullable [] get(CacheKey key);

    /**
     * Keeps a value, or doesn't: a cache that can't is only slower.
     *
     * @param value opaque; not written to afterwards by anybody
     */
    void put(CacheKey key, byte[] value);

    /** Returns a cache that asks this one first and the other then; what the other has is put into this one. */
    default TransformCache over(TransformCache slower) {
        TransformCache faster = this;
        return new TransformCache() {
            @Override
            public byte @Nullable [] get(CacheKey key) {
                byte[] value = faster.get(key);
                if (value == null) {
                    value = slower.get(key);
                    if (value != null) {
                        faster.put(key, value);
                    }
                }
                return value;
            }

            @Override
            public void put(CacheKey key, byte[] value) {
                faster.put(key, value);
                slower.put(key, value);
            }
        };
    }
}

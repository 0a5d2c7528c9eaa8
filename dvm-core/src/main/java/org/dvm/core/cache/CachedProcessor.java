package org.dvm.core.cache;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.internal.Sha256;
import org.dvm.core.pipeline.ClassProcessor;
import org.dvm.core.pipeline.PipelineRule;
import org.dvm.core.pipeline.TransformResult;
import org.dvm.core.repository.ClassRepository;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline behind a cache: results are computed once for the same class file.
 *
 * <p>A result can depend on more than the class file: on other classes that a filter asked for, and on the source. Both
 * are kept with it, other classes by their SHA-256, and compared before it is used again. Results of failed classes are
 * kept, too, unless a filter threw: that may be different the next time.
 *
 * <p><b>Threads:</b> safe to share.
 */
public final class CachedProcessor implements ClassProcessor {
    private static final byte[] ABSENT = {};

    private final ClassProcessor processor;
    private final TransformCache cache;
    private final Map<RawClass, byte[]> hashes = Collections.synchronizedMap(new WeakHashMap<>());

    private CachedProcessor(ClassProcessor processor, TransformCache cache) {
        this.processor = requireNonNull(processor, "processor");
        this.cache = requireNonNull(cache, "cache");
    }

    /** Returns a processor that asks the cache before it asks the other one. */
    public static CachedProcessor of(ClassProcessor processor, TransformCache cache) {
        return new CachedProcessor(processor, cache);
    }

    @Override
    public String fingerprint() {
        return processor.fingerprint();
    }

    @Override
    public TransformResult process(byte[] classFile, String source, ClassRepository classes) {
        CacheKey key = CacheKey.of(processor.fingerprint(), classFile);
        byte[] value = cache.get(key);
        if (value != null) {
            CacheEntry entry = CacheEntry.decode(value, classFile);
            if (entry != null && holds(entry, source, classes)) {
                return entry.result();
            }
        }
        Recorder recorder = new Recorder(classes);
        TransformResult result = processor.process(classFile, source, recorder);
        if (isRepeatable(result)) {
            cache.put(key, new CacheEntry(result, source, recorder.asked()).encode());
        }
        return result;
    }

    private boolean holds(CacheEntry entry, String source, ClassRepository classes) {
        if (entry.result().scope() == TransformResult.Scope.THIS_SOURCE
                && !entry.source().equals(source)) {
            return false;
        }
        for (Map.Entry<String, byte[]> asked : entry.dependencies().entrySet()) {
            if (!Arrays.equals(hashOf(classes.find(asked.getKey())), asked.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRepeatable(TransformResult result) {
        return result.findings().stream().noneMatch(finding -> finding.rule() == PipelineRule.FILTER_FAILED);
    }

    /** Returns the SHA-256 of a class file, computed once for each time that it was read. */
    private byte[] hashOf(@Nullable RawClass found) {
        return found == null ? ABSENT : hashes.computeIfAbsent(found, raw -> Sha256.of(raw.bytes()));
    }

    /** Notes which classes were asked for and what the answers were. */
    private final class Recorder implements ClassRepository {
        private final ClassRepository classes;
        private final Map<String, byte[]> asked = new TreeMap<>();

        Recorder(ClassRepository classes) {
            this.classes = classes;
        }

        @Override
        public @Nullable RawClass find(String internalName) {
            RawClass found = classes.find(internalName);
            byte[] hash = hashOf(found);
            synchronized (asked) {
                asked.put(internalName, hash);
            }
            return found;
        }

        Map<String, byte[]> asked() {
            synchronized (asked) {
                return new TreeMap<>(asked);
            }
        }
    }
}

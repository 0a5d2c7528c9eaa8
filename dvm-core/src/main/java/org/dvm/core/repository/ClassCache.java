package org.dvm.core.repository;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache in front of a look-up by name, absent answers included.
 *
 * <p>Two generations: what is asked for is in the young one or moves there; when that has grown to half of the bound,
 * it becomes the old one and what was old and not asked for is dropped. Reads take no lock.
 */
final class ClassCache implements ClassRepository {
    /** What an entry costs besides the class file: its key, node and the class's map, estimated. */
    private static final int ENTRY_BYTES = 256;

    private record Answer(@Nullable RawClass found) {
        static final Answer ABSENT = new Answer(null);

        long bytes() {
            return ENTRY_BYTES + (found == null ? 0 : 2L * found.bytes().length);
        }
    }

    /** One generation and its size in bytes. */
    private static final class Generation {
        final Map<String, Answer> answers = new ConcurrentHashMap<>();
        final AtomicLong bytes = new AtomicLong();
    }

    private final Function<String, @Nullable RawClass> source;
    private final long generationBytes;
    private volatile Generation young = new Generation();
    private volatile Generation old = new Generation();

    ClassCache(Function<String, @Nullable RawClass> source, long cacheBytes) {
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes must not be negative: cacheBytes=" + cacheBytes);
        }
        this.source = source;
        this.generationBytes = cacheBytes / 2;
    }

    @Override
    public @Nullable RawClass find(String internalName) {
        Answer answer = young.answers.get(internalName);
        if (answer == null) {
            answer = old.answers.get(internalName);
            if (answer == null) {
                RawClass found = source.apply(internalName);
                answer = found == null ? Answer.ABSENT : new Answer(found);
            }
            keep(internalName, answer);
        }
        return answer.found;
    }

    void clear() {
        young = new Generation();
        old = new Generation();
    }

    private void keep(String internalName, Answer answer) {
        Generation generation = young;
        if (generation.answers.putIfAbsent(internalName, answer) == null
                && generation.bytes.addAndGet(answer.bytes()) > generationBytes) {
            age(generation);
        }
    }

    private synchronized void age(Generation full) {
        if (young == full) { // else another thread has aged it
            old = full;
            young = new Generation();
        }
    }
}

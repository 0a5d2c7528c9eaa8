package org.dvm.runtime.security;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Something about objects of others, as long as these live. They are compared by identity, for their classes may lie
 * about {@code equals} and {@code hashCode}; what is kept must not refer to the object.
 *
 * <p><b>Threads:</b> all.
 */
final class WeakIdentityMap<V> {
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private final ConcurrentMap<Object, V> values = new ConcurrentHashMap<>();

    /** A key in the map. */
    private static final class Key extends WeakReference<Object> {
        private final int hash;

        Key(Object object, ReferenceQueue<Object> queue) {
            super(object, queue);
            this.hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            if (other instanceof Probe probe) {
                return refersTo(probe.object);
            }
            Object mine = get();
            return mine != null && other instanceof Key key && key.refersTo(mine);
        }
    }

    /** What is looked for. */
    private static final class Probe {
        private final Object object;

        Probe(Object object) {
            this.object = object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.refersTo(object);
        }
    }

    /** Keeps a value for an object. */
    void put(Object object, V value) {
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            values.remove(key);
        }
        values.put(new Key(object, gone), value);
    }

    /** Returns an object's value; null if it has none. */
    @Nullable
    V get(Object object) {
        return values.get(new Probe(object));
    }
}

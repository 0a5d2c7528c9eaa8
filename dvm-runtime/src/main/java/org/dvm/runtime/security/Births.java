package org.dvm.runtime.security;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subjects that threads, pools and unnamed channels were created by, as long as these live.
 *
 * <p>Keys are compared by identity: a subclass of {@link Thread} may lie about {@code equals} and {@code hashCode}.
 */
final class Births {
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private final Map<Key, Subject> subjects = new HashMap<>();

    private static final class Key extends WeakReference<Object> {
        private final int hash;

        Key(Object object, @Nullable ReferenceQueue<Object> queue) {
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
            Object mine = get();
            return mine != null && other instanceof Key && ((Key) other).refersTo(mine);
        }
    }

    /** Notes whom a new object is created by. */
    synchronized void put(Object object, Subject creator) {
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            subjects.remove(key);
        }
        subjects.put(new Key(object, gone), creator);
    }

    /** Returns whom an object was created by: the system, if nothing was noted. */
    synchronized Subject get(Object object) {
        Subject creator = subjects.get(new Key(object, null));
        return creator == null ? Subject.SYSTEM : creator;
    }
}

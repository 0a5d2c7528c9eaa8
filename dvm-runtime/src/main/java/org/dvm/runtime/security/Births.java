package org.dvm.runtime.security;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subjects that threads were created by, kept until the thread asks for its own.
 *
 * <p>Keys are compared by identity: a subclass of {@link Thread} may lie about {@code equals} and {@code hashCode}.
 */
final class Births {
    private final ReferenceQueue<Thread> gone = new ReferenceQueue<>();
    private final Map<Key, Subject> subjects = new HashMap<>();

    private static final class Key extends WeakReference<Thread> {
        private final int hash;

        Key(Thread thread, @Nullable ReferenceQueue<Thread> queue) {
            super(thread, queue);
            this.hash = System.identityHashCode(thread);
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
            Thread mine = get();
            return mine != null && other instanceof Key && ((Key) other).refersTo(mine);
        }
    }

    /** Notes whom a new thread is created by. */
    synchronized void put(Thread thread, Subject creator) {
        for (Reference<? extends Thread> key = gone.poll(); key != null; key = gone.poll()) {
            subjects.remove(key);
        }
        subjects.put(new Key(thread, gone), creator);
    }

    /** Returns whom a thread was created by: the system, if nothing was noted. */
    synchronized Subject get(Thread thread) {
        Subject creator = subjects.get(new Key(thread, null));
        return creator == null ? Subject.SYSTEM : creator;
    }
}

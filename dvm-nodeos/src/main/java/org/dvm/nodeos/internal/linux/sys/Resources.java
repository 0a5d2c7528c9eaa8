package org.dvm.nodeos.internal.linux.sys;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Things that are opened one after the other and closed together, the last first.
 *
 * <p><b>Threads:</b> one at a time.
 */
public final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /**
     * Remembers a resource.
     *
     * @param resource what to close
     * @param <T> its type
     * @return the resource
     */
    public <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    /** Forgets everything: it is somebody else's to close now. */
    public void keep() {
        open.clear();
    }

    /** Closes everything; the first failure is thrown when all is done, the others with it. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (RuntimeException e) {
                first = join(first, e);
            } catch (Exception e) {
                first = join(first, new IllegalStateException("could not be closed", e));
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static RuntimeException join(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}

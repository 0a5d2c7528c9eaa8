package org.dvm.nodeos;

import java.util.HashSet;
import java.util.Set;

/**
 * The data of a packet buffer for a reader in another domain, while the owner keeps the buffer and its cost.
 *
 * <p>A view shows the data as it lay when the view was made; what the owner writes meanwhile may be seen or not. It is made
 * {@linkplain #detach detached}: its reader attaches it. The owner can't send, release or hand over the buffer before each
 * view is closed by its reader or {@linkplain #revokeView revoked} by the owner. When the owner's domain is destroyed, its
 * views are revoked.
 *
 * @paper Janos 3.2.2
 */
public final class SharedView extends RevocableMemory implements AutoCloseable {
    private final PacketBuffer owner;

    SharedView(PacketBuffer owner) {
        super(owner.bytes, State.DETACHED, Access.READ);
        this.owner = owner;
        this.start = owner.start;
        this.length = owner.length;
    }

    /**
     * Ends the view, by its reader.
     *
     * @throws BufferAccessException if the running thread does not hold it
     */
    @Override
    public void close() {
        leave(State.REVOKED);
        owner.forget(this);
    }

    /** Ends the view, by the owner of the buffer. Waits until the reader is not in the midst of an access. */
    public void revokeView() {
        Set<Thread> readers = new HashSet<>();
        revoke(readers);
        Quiescence.await(readers);
        owner.forget(this);
    }
}

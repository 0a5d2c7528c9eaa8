package org.dvm.nodeos;

import java.util.Map;

/**
 * Packets that other domains of the node hand over to a domain.
 *
 * <p>The domain that opens the mailbox accepts the cost: a packet is handed over in exchange for one of the mailbox's empty
 * buffers, so both domains are charged for as many buffers as before, nothing is copied, and who gave the packet can't see
 * it any more.
 *
 * <p><b>Threads:</b> any threads may send; any threads of the owner may receive.
 *
 * @paper Janos 3.2.2
 */
public final class Mailbox implements AutoCloseable {
    private final Domain domain;
    private final PacketQueue queue;
    private final Token sender = new Token();
    private volatile boolean closed;

    Mailbox(Domain domain, BufferPool pool) {
        this.domain = domain;
        this.queue = new PacketQueue(domain, pool, pool.size(), DropPolicy.NEWEST);
    }

    /**
     * Hands a packet over. On success the buffer is empty and the thread still holds it; the packet is the other domain's.
     *
     * @param packet a buffer that the running thread holds, of any domain
     * @return false if the mailbox has no empty buffer; the packet is unchanged
     * @throws BufferAccessException if the thread does not hold it
     * @throws IllegalStateException if the mailbox is closed
     */
    public boolean send(PacketBuffer packet) {
        packet.checkHeld();
        while (!sender.tryTake()) {
            Thread.yield();
        }
        try {
            if (closed) {
                throw new IllegalStateException("mailbox is closed");
            }
            PacketBuffer empty = queue.makeRoom();
            if (empty == null) {
                return false;
            }
            boolean ours = false;
            try {
                packet.surrender();
                ours = true;
            } finally {
                if (!ours) {
                    queue.pool().recycle(empty);
                }
            }
            packet.exchangeFrames(empty);
            queue.add(empty);
            if (!packet.tryGrant()) {
                packet.home().recycle(packet); // its domain was destroyed in this moment; the packet had left already
            }
            return true;
        } finally {
            queue.complete();
            sender.give();
            queue.signal();
        }
    }

    /**
     * Takes packets that wait. Does not wait.
     *
     * @param into filled from index 0; the running thread holds these buffers from now on
     * @return number of packets
     * @throws DomainTerminatedException if the domain was destroyed
     * @throws IllegalStateException if the mailbox is closed
     */
    public int receive(PacketBuffer[] into) {
        return queue.receive(null, into);
    }

    /**
     * Takes packets, and waits for the first.
     *
     * @param into filled from index 0; the running thread holds these buffers from now on
     * @param timeoutNanos longest wait in nanoseconds of the machine's clock
     * @return number of packets; 0 if none came in time or the thread was interrupted
     * @throws DomainTerminatedException if the domain was destroyed
     * @throws IllegalStateException if the mailbox is closed
     */
    public int receive(PacketBuffer[] into, long timeoutNanos) {
        return queue.receive(null, into, timeoutNanos);
    }

    /**
     * Returns the packets that found no empty buffer.
     *
     * @return drops by reason since the mailbox was opened
     */
    public Map<DropReason, Long> drops() {
        return Counters.dropsOf(queue.counters());
    }

    /** Closes the mailbox, revokes its buffers and gives back what was charged for them. Closing again does nothing. */
    @Override
    public void close() {
        domain.close(this);
    }

    BufferPool pool() {
        return queue.pool();
    }

    Counters counters() {
        return queue.counters();
    }

    void stop() {
        closed = true;
        sender.take();
        sender.give();
        queue.close();
    }
}

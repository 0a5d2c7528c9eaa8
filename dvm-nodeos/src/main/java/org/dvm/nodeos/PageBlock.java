package org.dvm.nodeos;

/**
 * Pages of memory that a domain uses as it likes, outside of the Java heap, zeroed when handed out.
 *
 * <p>Held by one thread at a time like a packet buffer, and revoked when the domain is destroyed.
 *
 * @paper Janos 3.1.6
 */
public final class PageBlock extends RevocableMemory implements AutoCloseable {
    private final Domain domain;
    private final PageStore.Run run;

    PageBlock(Domain domain, PageStore.Run run) {
        super(run.slab().bytes(), State.HELD, Access.READ_WRITE);
        this.domain = domain;
        this.run = run;
        this.start = run.firstPage() * MemoryPool.PAGE_BYTES;
        this.length = run.pages() * MemoryPool.PAGE_BYTES;
        fillRegion(start, length, (byte) 0);
    }

    /**
     * Gives the pages back.
     *
     * @throws BufferAccessException if the running thread does not hold them
     */
    @Override
    public void close() {
        leave(State.REVOKED);
        domain.close(this);
    }

    PageStore.Run run() {
        return run;
    }
}

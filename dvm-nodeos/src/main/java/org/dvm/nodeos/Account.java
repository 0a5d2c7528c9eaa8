package org.dvm.nodeos;

/**
 * What a domain has been granted and where it went: to channels and threads of its own, to domains beneath it, and in pages
 * of its memory pool. Every charge is checked before anything is taken.
 *
 * <p><b>Threads:</b> with the lock of the node's administration.
 */
final class Account {
    private final MemoryPool pool;
    private ResourceSpec granted;
    private ResourceSpec usedByMe = ResourceSpec.NONE;
    private ResourceSpec usedByChildren = ResourceSpec.NONE;
    private long pages;

    Account(ResourceSpec granted, MemoryPool pool) {
        this.granted = granted;
        this.pool = pool;
    }

    MemoryPool pool() {
        return pool;
    }

    ResourceSpec granted() {
        return granted;
    }

    /** Returns the pages that the domain is charged for, its threads' not included. */
    long pages() {
        return pages;
    }

    /** Returns what is neither used nor given away; pages are those of the memory pool. */
    ResourceSpec available() {
        ResourceSpec left = uncommitted();
        return new ResourceSpec(
                Math.max(0, pool.limitPages() - pool.usedPages()),
                left.cpuNanosPerSecond(),
                left.outputBytesPerMilli(),
                left.fileBytes());
    }

    /** Returns what is neither reserved nor given away; pages are the domain's own part of its pool. */
    ResourceSpec uncommitted() {
        return granted.minus(usedByMe).minus(usedByChildren);
    }

    /** Adds what the node has got in addition. */
    void grow(ResourceSpec more) {
        granted = granted.plus(more);
    }

    /** Reserves for channels and threads of the domain, or refuses. */
    void reserve(ResourceSpec wanted) {
        uncommitted().checkHolds(wanted);
        usedByMe = usedByMe.plus(wanted);
    }

    void release(ResourceSpec reserved) {
        usedByMe = usedByMe.minus(reserved);
    }

    /** Gives to a domain beneath, or refuses; returns the memory pool of that domain. */
    MemoryPool lend(DomainSpec child, String path) {
        ResourceSpec wanted = child.resources();
        uncommitted().checkHolds(wanted);
        MemoryPool itsPool = pool;
        if (child.memory() == DomainSpec.Pooling.OWN) {
            pool.checkCanShrink(wanted.pages());
            itsPool = new MemoryPool(path, 0);
            pool.shrink(wanted.pages(), itsPool);
        }
        usedByChildren = usedByChildren.plus(wanted);
        return itsPool;
    }

    /** Takes back what was given to a domain beneath. */
    void takeBack(ResourceSpec lent, MemoryPool itsPool) {
        usedByChildren = usedByChildren.minus(lent);
        if (itsPool != pool) {
            itsPool.shrink(lent.pages(), pool);
        }
    }

    /** Charges pages or refuses. */
    void charge(long count) {
        pool.charge(count);
        pages += count;
    }

    void discharge(long count) {
        pages -= count;
        pool.discharge(count);
    }
}

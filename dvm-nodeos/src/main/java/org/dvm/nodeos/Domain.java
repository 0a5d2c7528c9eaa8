package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unit of resource control and of termination: what untrusted code runs in.
 *
 * <p>A domain has resources, an authority, threads, channels and domains beneath it, to which it passes on part of what it
 * has. Whoever has this object acts for the domain; a domain gets its own and those it creates, never its parent's.
 *
 * <p>{@link #destroy} ends the domain and all beneath it, at any moment: threads are interrupted and stopped by their next
 * call into the node, channels closed, buffers revoked and reclaimed, resources given back to the parent.
 *
 * <p><b>Threads:</b> any thread.
 *
 * @paper Janos 1, 3.1
 */
public final class Domain {
    private static final Logger LOG = LoggerFactory.getLogger(Domain.class);
    private static final int MAIN_THREADS = 64;

    /** What the Java objects of one place in a queue are charged as. */
    static final int BYTES_PER_PLACE = 128;

    private final Node node;
    private final String path;
    private final DomainSpec spec;
    private final ThreadPool mainThreads;
    private final Events events;
    private final FileSpace files;
    private final Object stateChange = new Object();
    private volatile DomainState state = DomainState.RUNNING;

    // With the lock of the node's administration.
    private final Account account;
    private final Holdings holdings;
    private final Map<String, Domain> children = new LinkedHashMap<>();

    Domain(Node node, String path, DomainSpec spec, MemoryPool memoryPool) {
        this.node = node;
        this.path = path;
        this.spec = spec;
        this.account = new Account(spec.resources(), memoryPool);
        this.holdings = new Holdings(this, node, account, spec.authority());
        this.mainThreads = new ThreadPool(
                this, new ThreadSpec("main", MAIN_THREADS, spec.resources().cpuNanosPerSecond()), node.cpu());
        this.events = new Events(this, node.timers(), node.clock(), node.isManual());
        this.files =
                new FileSpace(this, node.directoryOf(path), spec.resources().fileBytes());
    }

    /**
     * Returns the name of the domain among its siblings.
     *
     * @return as in its specification
     */
    public String name() {
        return spec.name();
    }

    /**
     * Returns the names from the root to this domain.
     *
     * @return such as {@code root/tenant1/cache}
     */
    public String path() {
        return path;
    }

    /**
     * Returns what the domain may see and send as.
     *
     * @return as in its specification
     */
    public Authority authority() {
        return spec.authority();
    }

    /**
     * Returns what the domain may use, domains beneath it included.
     *
     * @return as in its specification; for the root, what the node has
     */
    public ResourceSpec resources() {
        synchronized (node.lock()) {
            return account.granted();
        }
    }

    /**
     * Returns what is neither used by channels and threads of the domain nor given to its children.
     *
     * @return what can still be asked for; pages are those of the memory pool
     */
    public ResourceSpec available() {
        synchronized (node.lock()) {
            return account.available();
        }
    }

    /**
     * Returns where the domain is in its life.
     *
     * @return the state, a snapshot
     */
    public DomainState state() {
        return state;
    }

    /**
     * Returns the memory pool of the domain.
     *
     * @return the pool, perhaps shared with others
     */
    public MemoryPool memoryPool() {
        return account.pool();
    }

    /**
     * Sets what happens when the use of the memory pool rises to nine tenths of its limit, or the limit sinks to that. It
     * is delivered as an event, once at each crossing.
     *
     * @param event what to do; it replaces the one set before by any domain of the pool
     */
    public void onNearMemoryLimit(Runnable event) {
        Objects.requireNonNull(event, "event");
        checkpoint();
        events.start(); // now, while there is memory for its thread
        account.pool().onNearLimit(() -> events.post(event));
    }

    /**
     * Returns the pool in which the entry point and events run. Its guarantee is what the domain's other pools leave.
     *
     * @return the pool
     */
    public ThreadPool mainThreads() {
        return mainThreads;
    }

    /**
     * Returns timers and events of the domain.
     *
     * @return the events
     */
    public Events events() {
        return events;
    }

    /**
     * Returns the files of the domain.
     *
     * @return the file space
     */
    public FileSpace files() {
        return files;
    }

    /**
     * Returns the domains directly beneath this one.
     *
     * @return children that are not destroyed, in order of creation
     */
    public List<Domain> children() {
        synchronized (node.lock()) {
            return List.copyOf(children.values());
        }
    }

    /**
     * Creates a domain beneath this one and starts it.
     *
     * @param childSpec its name and what it is given
     * @param entry what it does first, in a thread of its own
     * @return the domain
     * @throws ResourceException if this domain has not got what it wants to give; nothing is created
     * @throws AuthorityException if this domain may not do what the child should; nothing is created
     * @throws IllegalArgumentException if a child has that name
     */
    public Domain create(DomainSpec childSpec, EntryPoint entry) {
        Objects.requireNonNull(entry, "entry");
        checkpoint();
        Domain child;
        synchronized (node.lock()) {
            child = admit(childSpec);
            children.put(child.name(), child);
        }
        try {
            child.mainThreads.start(() -> child.runEntry(entry));
            return child;
        } catch (RuntimeException e) {
            child.destroy();
            throw e;
        }
    }

    /**
     * Creates a domain that does nothing by itself: whoever has the object opens channels and starts threads for it.
     *
     * @param childSpec its name and what it is given
     * @return the domain
     * @throws ResourceException if this domain has not got what it wants to give; nothing is created
     * @throws AuthorityException if this domain may not do what the child should; nothing is created
     * @throws IllegalArgumentException if a child has that name
     */
    public Domain create(DomainSpec childSpec) {
        checkpoint();
        synchronized (node.lock()) {
            Domain child = admit(childSpec);
            children.put(child.name(), child);
            return child;
        }
    }

    private Domain admit(DomainSpec childSpec) {
        checkAlive();
        if (children.containsKey(childSpec.name())) {
            throw new IllegalArgumentException("domain has a child of that name: " + path + "/" + childSpec.name());
        }
        if (!spec.authority().contains(childSpec.authority())) {
            throw new AuthorityException(
                    "domain " + path + " can't give authority that it has not got: " + childSpec.authority());
        }
        String childPath = path + "/" + childSpec.name();
        MemoryPool pool = account.lend(childSpec, childPath);
        weighMainThreads();
        return new Domain(node, childPath, childSpec, pool);
    }

    private void runEntry(EntryPoint entry) {
        try {
            entry.run(this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            LOG.warn("entry point of domain {} failed", path, e);
        }
    }

    /** Holds the domain's threads, and those of all domains beneath, in their next call into the node. */
    public void suspend() {
        change(DomainState.RUNNING, DomainState.SUSPENDED);
    }

    /** Lets the threads of the domain and of all domains beneath go on. */
    public void resume() {
        change(DomainState.SUSPENDED, DomainState.RUNNING);
    }

    private void change(DomainState from, DomainState to) {
        synchronized (node.lock()) {
            synchronized (stateChange) {
                if (state == from) {
                    state = to;
                    stateChange.notifyAll();
                }
            }
            children.values().forEach(child -> child.change(from, to));
        }
    }

    /**
     * Opens an input channel.
     *
     * @param inputSpec what it receives and how it buffers
     * @return the channel
     * @throws AuthorityException if the packets are not the domain's, or another domain receives some of them
     * @throws ResourceException if the memory pool or the node's frame memory has no room for its buffers
     * @throws SpecificationException if the specification makes no sense
     */
    public InputChannel openInput(InputSpec inputSpec) {
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            return holdings.openInput(inputSpec);
        }
    }

    /**
     * Opens an output channel.
     *
     * @param outputSpec what it sends as, and its part of the link
     * @return the channel
     * @throws AuthorityException if the source is not the domain's
     * @throws ResourceException if the domain or the link has no such bandwidth left, or the memory pool no room
     * @throws SpecificationException if the specification makes no sense or leaves a header open
     */
    public OutputChannel openOutput(OutputSpec outputSpec) {
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            return holdings.openOutput(outputSpec);
        }
    }

    /**
     * Opens a cut-through channel. The domain needs the right to send as any.
     *
     * @param cutSpec what it moves where
     * @return the channel
     * @throws AuthorityException if the packets are not the domain's, or it may not forward
     * @throws ResourceException if bandwidth or memory does not suffice
     * @throws SpecificationException if the specification makes no sense
     */
    public CutThroughChannel openCutThrough(CutThroughSpec cutSpec) {
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            return holdings.openCutThrough(cutSpec);
        }
    }

    /**
     * Opens a mailbox.
     *
     * @param buffers packets that it can take before the domain returns their buffers
     * @return the mailbox
     * @throws ResourceException if the memory pool or the node's frame memory has no room for its buffers
     */
    public Mailbox openMailbox(int buffers) {
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            return holdings.openMailbox(buffers);
        }
    }

    /**
     * Allots packet buffers from which the domain makes packets of its own.
     *
     * @param buffers number of buffers
     * @return the pool; closing it gives back what was charged
     * @throws ResourceException if the memory pool or the node's frame memory has no room for them
     */
    public BufferPool allotBuffers(int buffers) {
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            return holdings.allotBuffers(buffers);
        }
    }

    /**
     * Allots pages. The running thread holds them.
     *
     * @param pages 1 to 256 pages
     * @return neighbouring pages, zeroed
     * @throws ResourceException if the memory pool has no room for them
     */
    public PageBlock allotPages(int pages) {
        if (pages < 1 || pages > PageStore.SLAB_PAGES) {
            throw new IllegalArgumentException(
                    "block must have 1 to " + PageStore.SLAB_PAGES + " pages: pages=" + pages);
        }
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            return holdings.allotPages(pages);
        }
    }

    /**
     * Opens a thread pool with a guarantee of its own.
     *
     * @param threadSpec maximum and guarantee
     * @return the pool, without threads
     * @throws ResourceException if the domain has not got that CPU time
     */
    public ThreadPool openThreads(ThreadSpec threadSpec) {
        checkpoint();
        synchronized (node.lock()) {
            checkAlive();
            ThreadPool pool = holdings.openThreads(threadSpec);
            weighMainThreads();
            return pool;
        }
    }

    private void weighMainThreads() {
        mainThreads.weigh(account.uncommitted().cpuNanosPerSecond());
    }

    /**
     * Returns what the domain has done and holds.
     *
     * @return the statistics, domains beneath it not included
     */
    public DomainStatistics statistics() {
        synchronized (node.lock()) {
            return holdings.statistics(mainThreads);
        }
    }

    /**
     * Ends the domain and all domains beneath it. When this returns, no channel, buffer or page of theirs can be used and
     * everything that was given to the domain is the parent's again; only threads that neither call the node nor heed the
     * interrupt may still run, without effect on the node, and are charged until they end. Destroying again does nothing.
     */
    public void destroy() {
        List<ThreadPool> ending = new ArrayList<>();
        synchronized (node.lock()) {
            end(ending);
        }
        node.awaitEnd(path, ending);
    }

    private void end(List<ThreadPool> ending) {
        if (state == DomainState.TERMINATED) {
            return;
        }
        synchronized (stateChange) {
            state = DomainState.TERMINATED;
            stateChange.notifyAll();
        }
        List.copyOf(children.values()).forEach(child -> child.end(ending));
        events.stop();
        mainThreads.stop();
        ending.add(mainThreads);
        ending.addAll(holdings.closeAll());
        node.giveBack(this);
        LOG.debug("domain {} destroyed", path);
    }

    @Nullable
    Domain child(String name) {
        return children.get(name);
    }

    /** Takes back what a destroyed child was given. */
    void reclaim(Domain child) {
        if (children.remove(child.name(), child)) {
            account.takeBack(child.spec.resources(), child.memoryPool());
            weighMainThreads();
        }
    }

    /** Adds bandwidth when a link is attached; for the root domain. */
    void growBandwidth(long bytesPerMilli) {
        account.grow(new ResourceSpec(0, 0, bytesPerMilli, 0));
    }

    void close(InputChannel channel) {
        synchronized (node.lock()) {
            holdings.close(channel);
        }
    }

    void close(OutputChannel channel) {
        synchronized (node.lock()) {
            holdings.close(channel);
        }
    }

    void close(CutThroughChannel channel) {
        synchronized (node.lock()) {
            holdings.close(channel);
        }
    }

    void close(Mailbox mailbox) {
        synchronized (node.lock()) {
            holdings.close(mailbox);
        }
    }

    void close(BufferPool pool) {
        synchronized (node.lock()) {
            holdings.close(pool);
        }
    }

    void close(PageBlock block) {
        synchronized (node.lock()) {
            holdings.close(block);
        }
    }

    void close(ThreadPool pool) {
        synchronized (node.lock()) {
            if (pool == mainThreads) {
                throw new IllegalArgumentException("main threads end with their domain: " + path);
            }
            holdings.close(pool);
            weighMainThreads();
        }
    }

    boolean isRunning() {
        return state == DomainState.RUNNING;
    }

    private void checkAlive() {
        if (state == DomainState.TERMINATED) {
            throw new DomainTerminatedException(path);
        }
    }

    // Hot path: every call of a domain's thread into the node comes through here.

    /**
     * Stops the running thread if the domain is destroyed, holds it while the domain is suspended, and gives other threads
     * their turn on the processor. Every call into the node does this; code that computes for long calls it itself.
     *
     * @throws DomainTerminatedException if the domain was destroyed
     */
    public void checkpoint() {
        if (state != DomainState.RUNNING) {
            stopHere();
        }
        if (Thread.currentThread() instanceof DomainThread thread) {
            thread.scheduler.tick(thread);
        }
    }

    private void stopHere() {
        block();
        boolean interrupted = false;
        try {
            synchronized (stateChange) {
                while (state == DomainState.SUSPENDED) {
                    try {
                        stateChange.wait();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
        } finally {
            unblock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        checkAlive();
    }

    /** The running thread is going to wait; others may run. */
    void block() {
        if (Thread.currentThread() instanceof DomainThread thread) {
            thread.scheduler.leave(thread);
        }
    }

    void unblock() {
        if (Thread.currentThread() instanceof DomainThread thread) {
            thread.scheduler.enter(thread);
        }
    }

    @Override
    public String toString() {
        return path + "[" + state + "]";
    }
}

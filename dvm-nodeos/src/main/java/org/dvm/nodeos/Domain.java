package org.dvm.nodeos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.MacAddress;
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
    private static final int GATHER_BUFFERS = 16;

    /** What the Java objects of one place in a queue are charged as. */
    static final int BYTES_PER_PLACE = 128;

    private final Node node;
    private final String path;
    private final DomainSpec spec;
    private final MemoryPool memoryPool;
    private final ThreadPool mainThreads;
    private final Events events;
    private final FileSpace files;
    private final Object stateChange = new Object();
    private volatile DomainState state = DomainState.RUNNING;

    // Everything below under the lock of the node's administration.
    private final Map<String, Domain> children = new LinkedHashMap<>();
    private ResourceSpec granted;
    private ResourceSpec usedByMe = ResourceSpec.NONE;
    private ResourceSpec usedByChildren = ResourceSpec.NONE;
    private long chargedPages;
    private final Set<InputChannel> inputs = new HashSet<>();
    private final Set<OutputChannel> outputs = new HashSet<>();
    private final Set<CutThroughChannel> cutThroughs = new HashSet<>();
    private final Set<Mailbox> mailboxes = new HashSet<>();
    private final Set<BufferPool> pools = new HashSet<>();
    private final Set<PageBlock> blocks = new HashSet<>();
    private final Set<ThreadPool> threadPools = new HashSet<>();
    private final ClosedTotals closedTotals = new ClosedTotals();

    Domain(Node node, String path, DomainSpec spec, MemoryPool memoryPool) {
        this.node = node;
        this.path = path;
        this.spec = spec;
        this.granted = spec.resources();
        this.memoryPool = memoryPool;
        this.mainThreads =
                new ThreadPool(this, new ThreadSpec("main", MAIN_THREADS, granted.cpuNanosPerSecond()), node.cpu());
        this.events = new Events(this, node.timers(), node.clock(), node.isManual());
        this.files = new FileSpace(this, node.directoryOf(path), granted.fileBytes());
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
            return granted;
        }
    }

    /**
     * Returns what is neither used by channels and threads of the domain nor given to its children.
     *
     * @return what can still be asked for; pages are those of the memory pool
     */
    public ResourceSpec available() {
        synchronized (node.lock()) {
            ResourceSpec left = granted.minus(usedByMe).minus(usedByChildren);
            return new ResourceSpec(
                    Math.max(0, memoryPool.limitPages() - memoryPool.usedPages()),
                    left.cpuNanosPerSecond(),
                    left.outputBytesPerMilli(),
                    left.fileBytes());
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
        return memoryPool;
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
        memoryPool.onNearLimit(() -> events.post(event));
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
        ResourceSpec wanted = childSpec.resources();
        granted.minus(usedByMe).minus(usedByChildren).checkHolds(wanted);
        MemoryPool pool = memoryPool;
        if (childSpec.memory() == DomainSpec.Pooling.OWN) {
            memoryPool.checkCanShrink(wanted.pages());
            pool = new MemoryPool(path + "/" + childSpec.name(), 0);
            memoryPool.shrink(wanted.pages(), pool);
        }
        usedByChildren = usedByChildren.plus(wanted);
        weighMainThreads();
        return new Domain(node, path + "/" + childSpec.name(), childSpec, pool);
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
            spec.authority().checkReceive(inputSpec.protocols(), inputSpec.addresses());
            Port port = node.port(inputSpec.protocols().link());
            DemuxRule rule = DemuxRule.of(inputSpec.protocols(), inputSpec.addresses(), inputSpec.key());
            node.checkOverlap(port, rule, this);
            InputChannel channel = new InputChannel(this, inputSpec, port, takeBuffers(inputSpec.buffers()));
            inputs.add(channel);
            node.own(channel.sink(), this);
            port.addRule(rule, channel.sink());
            return channel;
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
            OutputChannel channel = newOutput(outputSpec, GATHER_BUFFERS);
            outputs.add(channel);
            return channel;
        }
    }

    private OutputChannel newOutput(OutputSpec outputSpec, int gatherBuffers) {
        spec.authority().checkSend(outputSpec.protocols(), outputSpec.addresses());
        Port port = node.port(outputSpec.protocols().link());
        boolean checksSource = !spec.authority().rights().contains(Authority.Right.SEND_AS_ANY);
        Encapsulation headers = Encapsulation.of(
                outputSpec.protocols(),
                outputSpec.addresses(),
                checksSource,
                port.driver().description());
        ResourceSpec bandwidth = new ResourceSpec(0, 0, outputSpec.bytesPerMilli(), 0);
        granted.minus(usedByMe).minus(usedByChildren).checkHolds(bandwidth);
        BufferPool gather = takeBuffers(gatherBuffers);
        try {
            chargePages(ringPages(outputSpec.queuePackets()));
        } catch (RuntimeException e) {
            giveBuffers(gather);
            throw e;
        }
        OutputChannel channel = new OutputChannel(this, outputSpec, port, headers, gather);
        try {
            port.addOutput(channel, outputSpec.bytesPerMilli());
        } catch (RuntimeException e) {
            giveBuffers(gather);
            dischargePages(ringPages(outputSpec.queuePackets()));
            throw e;
        }
        usedByMe = usedByMe.plus(bandwidth);
        return channel;
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
            InputSpec inputSpec = cutSpec.input();
            spec.authority().checkReceive(inputSpec.protocols(), inputSpec.addresses());
            if (!spec.authority().rights().contains(Authority.Right.SEND_AS_ANY)) {
                throw new AuthorityException("cut-through channel forwards others' packets: ask for SEND_AS_ANY");
            }
            if (cutSpec.forwarding() == CutThroughPlan.Forwarding.ROUTE
                    && cutSpec.output().addresses().mac().isEmpty()) {
                throw new SpecificationException(
                        "routing cut-through channel needs the next hop's address, mac=...",
                        cutSpec.output().addresses().toString());
            }
            Port inputPort = node.port(inputSpec.protocols().link());
            DemuxRule rule = DemuxRule.of(inputSpec.protocols(), inputSpec.addresses(), inputSpec.key());
            node.checkOverlap(inputPort, rule, this);
            OutputSpec raw = new OutputSpec(
                    new ProtocolSpec(cutSpec.output().protocols().link(), Optional.empty()),
                    cutSpec.output().addresses(),
                    cutSpec.output().bytesPerMilli(),
                    cutSpec.output().queuePackets(),
                    cutSpec.output().dropPolicy());
            OutputChannel output = newOutput(raw, 1);
            BufferPool pool;
            try {
                pool = takeBuffers(inputSpec.buffers());
            } catch (RuntimeException e) {
                closeOutput(output);
                throw e;
            }
            Optional<CutThroughOffload> offload = inputPort.driver().offload(plan(cutSpec, rule, output));
            CutThroughChannel channel =
                    new CutThroughChannel(this, cutSpec, inputPort, output, pool, offload, node.clock());
            cutThroughs.add(channel);
            node.own(channel.sink(), this);
            inputPort.addRule(rule, channel.sink());
            return channel;
        }
    }

    private static CutThroughPlan plan(CutThroughSpec cutSpec, DemuxRule rule, OutputChannel output) {
        var link = output.port().driver().description();
        boolean polices = cutSpec.policing() == CutThroughSpec.Policing.DROP_EXCESS;
        long rate = cutSpec.output().bytesPerMilli();
        return new CutThroughPlan(
                link,
                rule.matches(),
                cutSpec.forwarding(),
                link.mac(),
                cutSpec.output().addresses().mac().orElse(MacAddress.NONE),
                polices ? rate : 0,
                CutThroughChannel.burstBytes(rate, link.mtuBytes() + Headers.ETHERNET_BYTES));
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
            Mailbox mailbox = new Mailbox(this, takeBuffers(buffers));
            mailboxes.add(mailbox);
            return mailbox;
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
            BufferPool pool = takeBuffers(buffers);
            pools.add(pool);
            return pool;
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
            chargePages(pages);
            PageBlock block = new PageBlock(this, node.pages().take(pages));
            blocks.add(block);
            return block;
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
            ResourceSpec cpu = new ResourceSpec(0, threadSpec.cpuNanosPerSecond(), 0, 0);
            granted.minus(usedByMe).minus(usedByChildren).checkHolds(cpu);
            usedByMe = usedByMe.plus(cpu);
            weighMainThreads();
            ThreadPool pool = new ThreadPool(this, threadSpec, node.cpu());
            threadPools.add(pool);
            return pool;
        }
    }

    private void weighMainThreads() {
        mainThreads.weigh(granted.minus(usedByMe).minus(usedByChildren).cpuNanosPerSecond());
    }

    /**
     * Returns what the domain has done and holds.
     *
     * @return the statistics, domains beneath it not included
     */
    public DomainStatistics statistics() {
        synchronized (node.lock()) {
            ClosedTotals totals = closedTotals.copy();
            inputs.forEach(channel -> totals.addInput(channel.counters()));
            mailboxes.forEach(mailbox -> totals.addInput(mailbox.counters()));
            outputs.forEach(channel -> totals.addOutput(channel.sending(), channel.leaving()));
            cutThroughs.forEach(totals::add);
            int buffers = 0;
            int available = 0;
            for (BufferPool pool : allPools()) {
                buffers += pool.size();
                available += pool.available();
            }
            long cpuNanos = mainThreads.cpuNanos() + totals.cpuNanos;
            int threads = mainThreads.threads();
            for (ThreadPool pool : threadPools) {
                cpuNanos += pool.cpuNanos();
                threads += pool.threads();
            }
            return new DomainStatistics(
                    cpuNanos,
                    totals.packetsIn,
                    totals.bytesIn,
                    totals.packetsOut,
                    totals.bytesOut,
                    totals.drops,
                    buffers,
                    Math.max(0, buffers - available),
                    chargedPages + DomainThread.PAGES * threads,
                    threads);
        }
    }

    private List<BufferPool> allPools() {
        List<BufferPool> all = new ArrayList<>(pools);
        inputs.forEach(channel -> all.add(channel.pool()));
        mailboxes.forEach(mailbox -> all.add(mailbox.pool()));
        outputs.forEach(channel -> all.add(channel.gatherBuffers()));
        cutThroughs.forEach(channel -> {
            all.add(channel.pool());
            all.add(channel.output().gatherBuffers());
        });
        return all;
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
        List.copyOf(threadPools).forEach(this::closeThreads);
        ending.addAll(closedTotals.stoppedPools);
        List.copyOf(cutThroughs).forEach(this::closeCutThrough);
        List.copyOf(inputs).forEach(this::closeInput);
        List.copyOf(mailboxes).forEach(this::closeMailbox);
        List.copyOf(outputs).forEach(this::closeOutput);
        List.copyOf(pools).forEach(this::closePool);
        revokeBlocks();
        node.giveBack(this);
        LOG.debug("domain {} destroyed", path);
    }

    private void revokeBlocks() {
        Set<Thread> holders = new HashSet<>();
        blocks.forEach(block -> block.revoke(holders));
        Quiescence.await(holders);
        List.copyOf(blocks).forEach(this::freeBlock);
    }

    @Nullable
    Domain child(String name) {
        return children.get(name);
    }

    /** Takes back what a destroyed child was given. */
    void reclaim(Domain child) {
        if (children.remove(child.name(), child)) {
            usedByChildren = usedByChildren.minus(child.spec.resources());
            weighMainThreads();
            if (child.memoryPool != memoryPool) {
                child.memoryPool.shrink(child.spec.resources().pages(), memoryPool);
            }
        }
    }

    /** Adds bandwidth when a link is attached; for the root domain. */
    void growBandwidth(long bytesPerMilli) {
        granted = granted.plus(new ResourceSpec(0, 0, bytesPerMilli, 0));
    }

    void close(InputChannel channel) {
        synchronized (node.lock()) {
            closeInput(channel);
        }
    }

    void close(OutputChannel channel) {
        synchronized (node.lock()) {
            closeOutput(channel);
        }
    }

    void close(CutThroughChannel channel) {
        synchronized (node.lock()) {
            closeCutThrough(channel);
        }
    }

    void close(Mailbox mailbox) {
        synchronized (node.lock()) {
            closeMailbox(mailbox);
        }
    }

    void close(BufferPool pool) {
        synchronized (node.lock()) {
            closePool(pool);
        }
    }

    void close(PageBlock block) {
        synchronized (node.lock()) {
            freeBlock(block);
        }
    }

    void close(ThreadPool pool) {
        synchronized (node.lock()) {
            if (pool == mainThreads) {
                throw new IllegalArgumentException("main threads end with their domain: " + path);
            }
            closeThreads(pool);
        }
    }

    private void closeInput(InputChannel channel) {
        if (inputs.remove(channel)) {
            channel.port().removeRule(channel.sink());
            node.disown(channel.sink());
            channel.stop();
            giveBuffers(channel.pool());
            closedTotals.addInput(channel.counters());
        }
    }

    private void closeOutput(OutputChannel channel) {
        outputs.remove(channel);
        if (channel.stop()) {
            channel.port().removeOutput(channel, channel.spec().bytesPerMilli());
            usedByMe = usedByMe.minus(new ResourceSpec(0, 0, channel.spec().bytesPerMilli(), 0));
            giveBuffers(channel.gatherBuffers());
            dischargePages(ringPages(channel.spec().queuePackets()));
            closedTotals.addOutput(channel.sending(), channel.leaving());
        }
    }

    private void closeCutThrough(CutThroughChannel channel) {
        if (cutThroughs.remove(channel)) {
            channel.offload().ifPresent(CutThroughOffload::close);
            channel.inputPort().removeRule(channel.sink());
            node.disown(channel.sink());
            closeOutput(channel.output());
            giveBuffers(channel.pool());
            closedTotals.add(channel.counters(), channel.offload());
        }
    }

    private void closeMailbox(Mailbox mailbox) {
        if (mailboxes.remove(mailbox)) {
            mailbox.stop();
            giveBuffers(mailbox.pool());
            closedTotals.addInput(mailbox.counters());
        }
    }

    private void closePool(BufferPool pool) {
        if (pools.remove(pool)) {
            giveBuffers(pool);
        }
    }

    private void freeBlock(PageBlock block) {
        if (blocks.remove(block)) {
            node.pages().give(block.run());
            dischargePages(block.run().pages());
        }
    }

    private void closeThreads(ThreadPool pool) {
        if (threadPools.remove(pool)) {
            pool.stop();
            closedTotals.stopped(pool);
            usedByMe = usedByMe.minus(new ResourceSpec(0, pool.spec().cpuNanosPerSecond(), 0, 0));
            weighMainThreads();
        }
    }

    private BufferPool takeBuffers(int buffers) {
        long pages = bufferPages(buffers);
        chargePages(pages);
        try {
            return BufferPool.open(node.memory(), buffers, this);
        } catch (RuntimeException e) {
            dischargePages(pages);
            throw e;
        }
    }

    private void giveBuffers(BufferPool pool) {
        pool.reclaim();
        dischargePages(bufferPages(pool.size()));
    }

    /** Pages of the frames, the wrappers and the two rings of a number of buffers. */
    private long bufferPages(int buffers) {
        return MemoryPool.pagesFor((long) buffers * node.memory().frameBytes()) + ringPages(buffers);
    }

    /** Pages that stand for the Java objects of a queue. */
    private static long ringPages(int places) {
        return MemoryPool.pagesFor((long) places * BYTES_PER_PLACE);
    }

    private void chargePages(long pages) {
        memoryPool.charge(pages);
        chargedPages += pages;
    }

    private void dischargePages(long pages) {
        chargedPages -= pages;
        memoryPool.discharge(pages);
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

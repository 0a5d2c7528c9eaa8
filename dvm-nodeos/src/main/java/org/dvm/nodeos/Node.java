package org.dvm.nodeos;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkException;
import org.dvm.nodeos.link.NodeClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: links, the memory of packets, and the root domain, which has everything. The node itself is the administrator's;
 * domains get {@link Domain} objects only.
 *
 * <pre>{@code
 * try (Node node = Node.builder().build()) {
 *     node.open("eth0");
 *     Domain tenant = node.root().create(spec, self -> ...);
 *     ...
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> any thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long TICK_NANOS = 1_000_000;
    /** For how long no domain must have fetched packets of a link before its keeper does. */
    private static final int QUIET_TICKS = 3;

    private static final long AWAIT_NANOS = 10_000_000;
    private static final long IDLE_NANOS = 5_000_000;
    private static final long END_NANOS = 500_000_000;

    private final Object lock = new Object();
    private final FrameMemory memory;
    private final NodeClock clock;
    private final boolean manual;
    private final @Nullable Path files;
    private final CpuScheduler cpu;
    private final TimerQueue timers = new TimerQueue();
    private final PageStore pages = new PageStore();
    private final Domain root;
    private final Map<String, Port> ports = new LinkedHashMap<>();
    private final Owners owners = new Owners();
    private final List<Thread> keepers = new ArrayList<>();
    private volatile boolean closed;

    private Node(Builder builder) {
        this.memory =
                builder.memory == null ? FrameMemory.allocate(builder.frames, builder.frameBytes) : builder.memory;
        this.clock = builder.clock;
        this.manual = builder.manual;
        this.files = builder.files;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        boolean measures = threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
        if (!measures) {
            LOG.warn("this JVM doesn't measure CPU time of threads; shares are kept by elapsed time");
        }
        this.cpu = new CpuScheduler(
                builder.processors,
                NodeClock.SYSTEM,
                thread -> measures ? threads.getCurrentThreadCpuTime() : System.nanoTime());
        MemoryPool pool = new MemoryPool("root", builder.pages);
        ResourceSpec all = new ResourceSpec(
                builder.pages, builder.processors * 1_000_000_000L, 0, builder.files == null ? 0 : builder.fileBytes);
        this.root = new Domain(this, "root", new DomainSpec("root", all, Authority.FULL, DomainSpec.Pooling.OWN), pool);
        if (!manual) {
            keep("nodeos clock", this::keepTime);
        }
    }

    /**
     * Begins a node.
     *
     * @return a builder with the usual settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /** What a node is built with. <b>Threads:</b> one thread. */
    public static final class Builder {
        private int frames = 8192;
        private int frameBytes = 2048;
        private @Nullable FrameMemory memory;
        private long pages = 262_144;
        private int processors = Runtime.getRuntime().availableProcessors();
        private NodeClock clock = NodeClock.SYSTEM;
        private boolean manual;
        private @Nullable Path files;
        private long fileBytes;

        private Builder() {}

        /**
         * Sets the number of frames for packets; 8192 unless set.
         *
         * @param count frames, for all links and buffers together
         * @return this builder
         */
        public Builder frames(int count) {
            frames = count;
            return this;
        }

        /**
         * Sets the size of a frame; 2048 bytes unless set.
         *
         * @param bytes a power of two from 2048 to 65536
         * @return this builder
         */
        public Builder frameBytes(int bytes) {
            frameBytes = bytes;
            return this;
        }

        /**
         * Takes memory that somebody else has laid out, such as a driver.
         *
         * @param frameMemory memory for all packets of the node
         * @return this builder
         */
        public Builder memory(FrameMemory frameMemory) {
            memory = frameMemory;
            return this;
        }

        /**
         * Sets what the root domain's memory pool may use; 262,144 pages (1 GiB) unless set.
         *
         * @param count pages
         * @return this builder
         */
        public Builder pages(long count) {
            pages = count;
            return this;
        }

        /**
         * Sets on how many processors domains run; all of the machine unless set.
         *
         * @param count processors, at least 1
         * @return this builder
         */
        public Builder processors(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("node must have a processor: count=" + count);
            }
            processors = count;
            return this;
        }

        /**
         * Keeps files of domains; without this there are none.
         *
         * @param directory where
         * @param bytes how much all domains together may keep
         * @return this builder
         */
        public Builder files(Path directory, long bytes) {
            files = Objects.requireNonNull(directory, "directory");
            fileBytes = bytes;
            return this;
        }

        /**
         * Sets the clock of links' paces, policing and timers.
         *
         * @param nodeClock the clock
         * @return this builder
         */
        public Builder clock(NodeClock nodeClock) {
            clock = nodeClock;
            return this;
        }

        /**
         * Makes a node without threads of its own: packets and events move when {@link Node#poll} is called or a domain
         * calls. For tests under a simulated clock.
         *
         * @return this builder
         */
        public Builder manual() {
            manual = true;
            return this;
        }

        /**
         * Starts the node.
         *
         * @return the node, without links
         */
        public Node build() {
            return new Node(this);
        }
    }

    /**
     * Returns the domain that has everything.
     *
     * @return the root of the hierarchy
     */
    public Domain root() {
        return root;
    }

    /**
     * Opens a link with the best back end that can serve it here.
     *
     * @param name name of the interface
     * @return what is known of the link
     * @throws LinkException if no back end knows the interface or can serve it; the message says what to grant
     */
    public LinkDescription open(String name) {
        return open(name, 0);
    }

    /**
     * Opens a link and holds it to a rate. Back ends that bypass the kernel's queueing need this for a share of bandwidth to
     * mean something on a link that is slower than the machine.
     *
     * @param name name of the interface
     * @param pacedBytesPerMilli rate in bytes per millisecond; 0 for as fast as the link goes
     * @return what is known of the link
     * @throws LinkException if no back end knows the interface or can serve it; the message says what to grant
     */
    public LinkDescription open(String name, long pacedBytesPerMilli) {
        return BackEnds.open(name, opener -> attach(opener, pacedBytesPerMilli));
    }

    /**
     * Attaches a link whose driver the caller makes.
     *
     * @param open makes the driver over the node's frame memory
     * @return what is known of the link
     */
    public LinkDescription attach(Function<FrameMemory, ? extends LinkDriver> open) {
        return attach(open, 0);
    }

    /**
     * Attaches a link whose driver the caller makes, and holds it to a rate.
     *
     * @param open makes the driver over the node's frame memory
     * @param pacedBytesPerMilli rate in bytes per millisecond; 0 for as fast as the link goes
     * @return what is known of the link
     */
    public LinkDescription attach(Function<FrameMemory, ? extends LinkDriver> open, long pacedBytesPerMilli) {
        LinkDriver driver = open.apply(memory);
        LinkDescription link = driver.description();
        boolean attached = false;
        try {
            synchronized (lock) {
                if (closed) {
                    throw new IllegalStateException("node is closed");
                }
                if (ports.containsKey(link.name())) {
                    throw new IllegalArgumentException("link is open already: " + link.name());
                }
                if (link.mtuBytes() + Headers.ETHERNET_BYTES + FrameMemory.HEADROOM_BYTES > memory.frameBytes()) {
                    throw new IllegalArgumentException("frames are too small for the link (build the node with larger"
                            + " ones): mtuBytes=" + link.mtuBytes() + ", frameBytes=" + memory.frameBytes());
                }
                Port port = new Port(driver, memory, clock, pacedBytesPerMilli);
                ports.put(link.name(), port);
                root.growBandwidth(port.capacityBytesPerMilli());
                if (!manual) {
                    keep("nodeos link " + link.name(), () -> keepLink(port));
                }
                attached = true;
                return link;
            }
        } finally {
            if (!attached) {
                driver.close();
            }
        }
    }

    private void keep(String name, Runnable body) {
        Thread keeper = new Thread(null, body, name);
        keeper.setDaemon(true);
        keepers.add(keeper);
        keeper.start();
    }

    private void keepTime() {
        while (!closed) {
            timers.fire(clock.nanoTime());
            cpu.relieve();
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    /**
     * Moves packets when no domain does. While domains' threads pump, the keeper stays out of their way: two threads that
     * take turns on one link hand each packet from one processor's cache to the other's.
     */
    private void keepLink(Port port) {
        long received = -1;
        long transmitted = -1;
        int quietTicks = 0;
        while (!closed) {
            if (transmitted == port.transmitRuns()) {
                port.pumpTransmit();
            }
            transmitted = port.transmitRuns();
            long runs = port.receiveRuns();
            quietTicks = runs == received ? quietTicks + 1 : 0;
            received = runs;
            if (quietTicks < QUIET_TICKS) {
                LockSupport.parkNanos(TICK_NANOS);
            } else if (port.awaiting().tryTake()) {
                try {
                    port.driver().awaitReceive(port.hasWaiting() ? TICK_NANOS : AWAIT_NANOS);
                } finally {
                    port.awaiting().give();
                }
                receiveForOthers(port);
            } else { // a domain's thread waits already
                LockSupport.parkNanos(port.hasWaiting() ? TICK_NANOS : IDLE_NANOS);
            }
        }
    }

    /**
     * Pumps as long as packets come and no domain fetches any. When one does, it gets a moment to pump by itself; if it
     * doesn't, because it fetches less than waits for it, the others are served here.
     */
    private void receiveForOthers(Port port) {
        long visits = port.visits();
        while (!closed && port.pumpForOthers()) {
            port.pumpTransmit();
            if (port.visits() != visits) {
                LockSupport.parkNanos(TICK_NANOS);
                return;
            }
        }
    }

    /**
     * Moves all packets that can move now and delivers all events that are due: the work of the node's threads, for a node
     * without them.
     */
    public void poll() {
        timers.fire(clock.nanoTime());
        List<Port> all;
        synchronized (lock) {
            all = List.copyOf(ports.values());
        }
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Port port : all) {
                moved |= port.pumpReceive();
            }
        }
        all.forEach(Port::pumpTransmit);
        if (manual) {
            deliverEvents(root);
        }
    }

    private void deliverEvents(Domain domain) {
        domain.events().deliverAll();
        domain.children().forEach(this::deliverEvents);
    }

    /**
     * Returns what a link has moved, and what the node has lost on it before any domain was charged.
     *
     * @param link name of the link
     * @return counts since the link was opened
     */
    public LinkStatistics statistics(String link) {
        synchronized (lock) {
            Port port = port(link);
            return new LinkStatistics(
                    port.driver().description(),
                    port.driver().backEnd(),
                    port.driver().counters(),
                    Counters.dropsOf(port.input()));
        }
    }

    /**
     * Lists the links that are open.
     *
     * @return descriptions, in order of opening
     */
    public List<LinkDescription> links() {
        synchronized (lock) {
            return ports.values().stream()
                    .map(port -> port.driver().description())
                    .toList();
        }
    }

    /** Destroys all domains and closes all links. Closing again does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        root.destroy();
        RuntimeException failure = null;
        List<Port> all;
        synchronized (lock) {
            all = new ArrayList<>(ports.values());
        }
        all.forEach(port -> port.driver().wakeUp());
        joinKeepers();
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                all.get(i).close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void joinKeepers() {
        for (Thread keeper : keepers) {
            LockSupport.unpark(keeper);
            try {
                keeper.join(END_NANOS / TICK_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // What domains need of the node.

    Object lock() {
        return lock;
    }

    FrameMemory memory() {
        return memory;
    }

    NodeClock clock() {
        return clock;
    }

    boolean isManual() {
        return manual;
    }

    CpuScheduler cpu() {
        return cpu;
    }

    TimerQueue timers() {
        return timers;
    }

    PageStore pages() {
        return pages;
    }

    @Nullable
    Path directoryOf(String path) {
        return files == null ? null : files.resolve(path.replace('/', '!')); // no name contains an exclamation mark
    }

    Port port(String link) {
        Port port = ports.get(link);
        if (port == null) {
            throw new SpecificationException("node has no open link of that name, only " + ports.keySet(), link);
        }
        return port;
    }

    Owners owners() {
        return owners;
    }

    void giveBack(Domain domain) {
        int slash = domain.path().lastIndexOf('/');
        if (slash >= 0) {
            find(domain.path().substring(0, slash)).reclaim(domain);
        }
    }

    private Domain find(String path) {
        Domain domain = root;
        String[] names = path.split("/");
        for (int i = 1; i < names.length; i++) {
            domain = Objects.requireNonNull(domain.child(names[i]));
        }
        return domain;
    }

    /** Waits a while for threads of destroyed domains; those that are left go on without effect. */
    void awaitEnd(String path, Collection<ThreadPool> pools) {
        long deadline = System.nanoTime() + END_NANOS;
        root.block();
        int left = 0;
        try {
            for (ThreadPool pool : pools) {
                left += pool.awaitEnd(Math.max(0, deadline - System.nanoTime()));
            }
        } finally {
            root.unblock();
        }
        if (left > 0) {
            LOG.warn(
                    "domain {} is destroyed, but {} of its threads heed no interrupt; they stay charged until they end",
                    path,
                    left);
        }
    }
}

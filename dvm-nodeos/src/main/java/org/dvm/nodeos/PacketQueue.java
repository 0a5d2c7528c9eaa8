package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of a receiver: some empty, some full and waiting, some in the hands of its domain. The producer exchanges an
 * empty one for each packet it brings.
 */
final class PacketQueue {
    private static final int SPINS = 200;
    private static final long SLICE_NANOS = 10_000_000;

    private static final VarHandle WAITING;

    static {
        try {
            WAITING = MethodHandles.lookup().findVarHandle(PacketQueue.class, "waiting", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Domain domain;
    private final BufferPool pool;
    private final FullRing ring;
    private final int limit;
    private final DropPolicy policy;
    private final Counters counters = new Counters();

    // The producer's: empty buffers at hand, how many to take at a time, what is not counted yet.
    private final int[] empties = new int[Port.BATCH];
    private int atHand;
    private int expected = 1;
    private long uncountedPackets;
    private long uncountedBytes;

    // The producer's, while the receiving thread itself is it: packets that go straight to its hands.
    private PacketBuffer @Nullable [] hands;
    private int inHands;
    private int roomInHands;

    private final Token receiver = new Token();
    private final PacketBuffer[] taken = new PacketBuffer[Port.BATCH]; // with the receiver's token
    private final Object monitor = new Object();
    private volatile boolean closed;
    private volatile @Nullable Port awaitedPort;

    @SuppressWarnings("UnusedVariable") // through WAITING; changed with the monitor
    private int waiting;

    PacketQueue(Domain domain, BufferPool pool, int limit, DropPolicy policy) {
        this.domain = domain;
        this.pool = pool;
        this.ring = new FullRing(pool.size());
        this.limit = limit;
        this.policy = policy;
    }

    Counters counters() {
        return counters;
    }

    int size() {
        return ring.size();
    }

    boolean isOpen() {
        return !closed;
    }

    BufferPool pool() {
        return pool;
    }

    // Hot path: no allocation, no locks, no logging. The producer's side.

    /** At most so many packets come now; {@link #complete} follows them. */
    void expect(int packets) {
        expected = Math.min(packets, empties.length);
    }

    /** Puts back what is left of the empty buffers at hand, and counts. */
    void complete() {
        expected = 1;
        if (atHand > 0) {
            pool.recycle(empties, atHand);
            atHand = 0;
        }
        if (uncountedPackets > 0) {
            counters.count(uncountedPackets, uncountedBytes);
            uncountedPackets = 0;
            uncountedBytes = 0;
        }
    }

    private @Nullable PacketBuffer nextEmpty() {
        if (atHand == 0) {
            atHand = pool.pollEmpties(empties, expected);
            if (atHand == 0) {
                return null;
            }
        }
        return pool.buffer(empties[--atHand]);
    }

    /** Returns an empty buffer for a packet, or null if the packet is dropped; the loss is counted. */
    @Nullable
    PacketBuffer makeRoom() {
        if (inHands < roomInHands || ring.size() < limit) {
            PacketBuffer empty = nextEmpty();
            if (empty != null) {
                return empty;
            }
            if (policy == DropPolicy.NEWEST) {
                counters.drop(DropReason.NO_EMPTY_BUFFER);
                return null;
            }
        } else if (policy == DropPolicy.NEWEST) {
            counters.drop(DropReason.QUEUE_FULL);
            return null;
        }
        PacketBuffer oldest = ring.poll();
        counters.drop(oldest == null ? DropReason.NO_EMPTY_BUFFER : DropReason.REPLACED);
        return oldest;
    }

    void add(PacketBuffer packet) {
        uncountedPackets++;
        uncountedBytes += packet.length;
        final PacketBuffer[] hands = this.hands;
        if (hands != null && inHands < roomInHands) {
            packet.grant();
            hands[inHands++] = packet;
        } else if (!ring.offer(packet)) {
            throw new IllegalStateException("ring is smaller than its pool: capacity=" + ring.capacity());
        }
    }

    /** The running thread, which has the receiver's token, becomes the producer: if no packet waits, it gets the next ones. */
    void openHands(PacketBuffer[] into, int most) {
        hands = into;
        inHands = 0;
        roomInHands = ring.size() == 0 ? most : 0;
    }

    /** Returns how many packets the running thread has got so. */
    int inHands() {
        return inHands;
    }

    /** The running thread ceases to be the producer. */
    void closeHands() {
        hands = null;
        inHands = 0;
        roomInHands = 0;
    }

    /** Wakes threads that wait for packets. */
    void signal() {
        VarHandle.fullFence(); // the packets before the look at the waiters; pairs with the monitor in await
        if ((int) WAITING.getOpaque(this) == 0) {
            return;
        }
        Port port = awaitedPort;
        if (port != null) {
            port.driver().wakeUp();
        }
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }

    // The consumer's side.

    int receive(@Nullable Port port, PacketBuffer[] into) {
        domain.checkpoint();
        enter();
        try {
            final int most = Math.min(into.length, taken.length);
            if (port != null) {
                port.visit();
            }
            int count = grantWaiting(into, most);
            if (count == 0 && port != null) {
                count = port.pumpReceive(this, into, most);
                if (count == 0) {
                    count = grantWaiting(into, most); // perhaps another thread was at it
                }
            }
            return count;
        } finally {
            receiver.give();
        }
    }

    private int grantWaiting(PacketBuffer[] into, int most) {
        // First into an array of our own: what the domain might put into its array meanwhile must not be granted.
        int count = ring.poll(taken, most);
        for (int i = 0; i < count; i++) {
            taken[i].grant();
            into[i] = taken[i];
        }
        return count;
    }

    int receive(@Nullable Port port, PacketBuffer[] into, long timeoutNanos) {
        int count = receive(port, into);
        if (count > 0 || timeoutNanos <= 0) {
            return count;
        }
        long deadline = System.nanoTime() + timeoutNanos;
        while (true) {
            for (int spin = 0; spin < SPINS; spin++) {
                Thread.onSpinWait();
                count = receive(port, into);
                if (count > 0) {
                    return count;
                }
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return 0;
            }
            domain.block();
            try {
                await(port, Math.min(left, SLICE_NANOS));
            } finally {
                domain.unblock();
            }
        }
    }

    private void await(@Nullable Port port, long nanos) {
        changeWaiting(1);
        try {
            if (ring.size() > 0 || closed || !domain.isRunning()) {
                return;
            }
            if (port != null && port.awaiting().tryTake()) {
                awaitedPort = port;
                try {
                    if (ring.size() == 0) {
                        port.driver().awaitReceive(nanos);
                    }
                } finally {
                    awaitedPort = null;
                    port.awaiting().give();
                }
            } else {
                awaitMonitor(nanos);
            }
        } finally {
            changeWaiting(-1);
        }
    }

    private void awaitMonitor(long nanos) {
        synchronized (monitor) {
            if (ring.size() > 0 || closed) {
                return;
            }
            try {
                monitor.wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void changeWaiting(int by) {
        WAITING.getAndAdd(this, by);
    }

    private void enter() {
        while (!receiver.tryTake()) {
            checkOpen();
            Thread.yield();
        }
        if (closed) {
            receiver.give();
            checkOpen();
        }
    }

    private void checkOpen() {
        if (closed) {
            domain.checkpoint();
            throw new IllegalStateException("channel is closed");
        }
    }

    /** Ends receiving. After this returns no thread takes packets any more; the producer must be gone already. */
    void close() {
        closed = true;
        signal();
        receiver.take();
        try {
            PacketBuffer packet = ring.poll();
            while (packet != null) {
                counters.drop(DropReason.CLOSED);
                pool.recycle(packet);
                packet = ring.poll();
            }
        } finally {
            receiver.give();
        }
    }
}

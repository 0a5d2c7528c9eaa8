package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.NodeClock;
import org.jspecify.annotations.Nullable;

/**
 * One open link: takes frames from its driver to the input channels and from the output channels to its driver.
 *
 * <p>Nobody owns the work. Whoever calls the node - a domain's thread that receives or sends, or the link's own keeper
 * thread when no domain calls - takes the token of one direction and moves a batch, for himself and all others. So on the
 * usual way a packet stays on the thread that wants it, and a domain that stalls holds up nobody: no domain code runs
 * while a token is held.
 */
final class Port implements AutoCloseable {
    /**
     * Most frames that move at once. What a batch costs by itself - calls of the system, and the caches that the kernel has
     * filled with its own meanwhile - is divided by them.
     */
    static final int BATCH = 256;

    /** Most batches that one thread sends in a row on behalf of others. */
    private static final int ROUNDS = 16;

    private static final VarHandle AGAIN;
    private static final VarHandle RECEIVE_RUNS;
    private static final VarHandle TRANSMIT_RUNS;
    private static final VarHandle VISITS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            AGAIN = lookup.findVarHandle(Port.class, "transmitAgain", boolean.class);
            RECEIVE_RUNS = lookup.findVarHandle(Port.class, "receiveRuns", long.class);
            TRANSMIT_RUNS = lookup.findVarHandle(Port.class, "transmitRuns", long.class);
            VISITS = lookup.findVarHandle(Port.class, "visits", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LinkDriver driver;
    private final FrameMemory memory;
    private final NodeClock clock;
    private final ByteBuffer bytes;
    private final int frameMask;
    private final long mac;

    // With the receive token.
    private final Token receiving = new Token();
    private final FrameBatch arrived = new FrameBatch(BATCH);
    private final Headers headers = new Headers();
    private final Counters input = new Counters();
    private final List<PacketSink> touched = new ArrayList<>();
    private DemuxTable<PacketSink> table = new DemuxTable<>(List.of());
    private int level = Headers.RAW;

    @SuppressWarnings("UnusedVariable") // written so that the reads happen
    private int fetched;

    private long receiveRuns;

    @SuppressWarnings("UnusedVariable") // through VISITS, by any thread: counts may get lost
    private long visits;

    // With the transmit token.
    private final Token transmitting = new Token();
    private final FrameBatch departing = new FrameBatch(BATCH);
    private final FrameBatch spares;
    private final LinkScheduler scheduler;
    private final Counters output = new Counters();
    private long transmitRuns;

    // Buffers whose packets have been put into the departing batch and that are not at home yet: all of one pool.
    private final int[] returning = new int[BATCH];
    private int returningCount;
    private @Nullable BufferPool returningTo;

    @SuppressWarnings("UnusedVariable") // through AGAIN
    private boolean transmitAgain;

    /** Whoever has it waits in the driver for frames; the others wait for him. */
    private final Token awaiting = new Token();

    // Under the lock of the node's administration.
    private final List<DemuxTable.Entry<PacketSink>> rules = new ArrayList<>();
    private long reservedBytesPerMilli;

    Port(LinkDriver driver, FrameMemory memory, NodeClock clock, long pacedBytesPerMilli) {
        this.driver = driver;
        this.memory = memory;
        this.clock = clock;
        this.bytes = memory.bytes();
        this.frameMask = -memory.frameBytes();
        this.mac = driver.description().mac().bits();
        this.scheduler =
                new LinkScheduler(driver.description().mtuBytes() + Headers.ETHERNET_BYTES, pacedBytesPerMilli);
        this.spares = takeFrames(driver.transmitFrames());
        FrameBatch lent;
        try {
            lent = takeFrames(driver.receiveFrames());
        } catch (RuntimeException e) {
            while (spares.size() > 0) {
                memory.give(FrameBatch.offsetOf(spares.removeLast()));
            }
            throw e;
        }
        driver.supply(lent);
    }

    private FrameBatch takeFrames(int count) {
        FrameBatch frames = new FrameBatch(count);
        for (int frame : memory.take(count)) {
            frames.add(frame, 0);
        }
        return frames;
    }

    LinkDriver driver() {
        return driver;
    }

    FrameMemory memory() {
        return memory;
    }

    String name() {
        return driver.description().name();
    }

    Counters input() {
        return input;
    }

    Counters output() {
        return output;
    }

    /** Returns whether packets wait to leave; a hint. */
    boolean hasWaiting() {
        return scheduler.hasWaiting();
    }

    Token awaiting() {
        return awaiting;
    }

    /** Returns how many times a domain's thread has pumped the receiving side; only its change matters. */
    long receiveRuns() {
        return (long) RECEIVE_RUNS.getOpaque(this);
    }

    /** Returns how many times somebody has pumped the sending side; only its change matters. */
    long transmitRuns() {
        return (long) TRANSMIT_RUNS.getOpaque(this);
    }

    /** Returns how many times domains' threads have asked for packets of this link; only its change matters. */
    long visits() {
        return (long) VISITS.getOpaque(this);
    }

    // Hot path: no allocation, no locks, no logging.

    /** A thread asks for packets of this link: it won't need the keeper. */
    void visit() {
        VISITS.setOpaque(this, (long) VISITS.getOpaque(this) + 1);
    }

    /**
     * Moves a batch of arrived frames to their channels, unless another thread is at it; for threads of domains.
     *
     * @return whether frames were moved
     */
    boolean pumpReceive() {
        if (!receiving.tryTake()) {
            return false;
        }
        try {
            RECEIVE_RUNS.setOpaque(this, receiveRuns + 1);
            return receive(BATCH);
        } finally {
            receiving.give();
        }
    }

    /**
     * The same for a thread that receives from a queue: packets for it go straight to the thread's hands.
     *
     * @return how many packets it has got
     */
    int pumpReceive(PacketQueue queue, PacketBuffer[] into, int most) {
        if (!receiving.tryTake()) {
            return 0;
        }
        try {
            RECEIVE_RUNS.setOpaque(this, receiveRuns + 1);
            queue.openHands(into, most);
            receive(most);
            return queue.inHands();
        } finally {
            queue.closeHands();
            receiving.give();
        }
    }

    /** The same for the keeper, without being seen. */
    boolean pumpForOthers() {
        if (!receiving.tryTake()) {
            return false;
        }
        try {
            return receive(BATCH);
        } finally {
            receiving.give();
        }
    }

    private boolean receive(int most) {
        arrived.limit(most);
        int count = driver.receive(arrived);
        if (count == 0) {
            return false;
        }
        fetch(count);
        long sum = 0;
        PacketSink sink = null;
        for (int i = 0; i < count; i++) {
            int offset = arrived.offset(i);
            int length = arrived.length(i);
            sum += length;
            PacketSink next = find(offset, length);
            if (next == null) {
                continue; // the frame goes back as it came
            }
            if (next != sink) {
                sink = next;
                enter(sink, count - i);
            }
            arrived.set(i, sink.exchange(bytes, headers), 0);
        }
        driver.supply(arrived);
        input.count(count, sum);
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).afterBatch();
        }
        touched.clear();
        return true;
    }

    /** Touches all frames: another processor wrote them, and waiting for their bytes together is shorter than one by one. */
    private void fetch(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum ^= bytes.get(arrived.offset(i));
        }
        fetched = sum;
    }

    /** Returns the channel of a frame; null if there is none, which is counted. */
    private @Nullable PacketSink find(int offset, int length) {
        headers.parse(bytes, offset, length, mac, level);
        PacketSink sink = table.find(bytes, headers);
        if (sink == null) {
            headers.parse(bytes, offset, length, mac, Headers.IP); // to tell why
            input.drop(headers.malformed ? DropReason.BAD_HEADER : DropReason.NO_CHANNEL);
        }
        return sink;
    }

    /** A sink gets a frame of a batch, and not only for the first time. */
    private void enter(PacketSink sink, int left) {
        if (!sink.isInBatch()) {
            sink.beforeBatch(left);
            touched.add(sink);
        }
    }

    /**
     * Takes the token if the packets of a channel may leave at once, past all queues: no packet waits on this link, and no
     * pace holds it back. Then those of the channel, for which there is {@linkplain #transmitRoom room}, {@link #depart},
     * and {@link #endDeparture} follows.
     */
    boolean beginDeparture() {
        if (scheduler.isPaced() || scheduler.hasWaiting() || !transmitting.tryTake()) {
            return false;
        }
        if (departing.size() > 0) {
            transmitting.give();
            return false;
        }
        driver.reclaim(spares);
        return true;
    }

    /** Hands the packets that have departed to the driver and gives the token back. The driver may not take all of them. */
    void endDeparture(OutputChannel channel, int packets, long bytesOfPackets) {
        try {
            settle(channel, packets, bytesOfPackets);
            TRANSMIT_RUNS.setOpaque(this, transmitRuns + 1);
            driver.transmit(departing);
            if (departing.size() > 0) {
                AGAIN.setVolatile(this, true);
            }
        } finally {
            transmitting.give();
        }
    }

    /** Returns whether the holder of the transmit token was asked to look again, by those who could not get it. */
    boolean isOwed() {
        VarHandle.fullFence();
        return (boolean) AGAIN.getVolatile(this);
    }

    /** Moves waiting packets to the driver; if another thread is at it, makes that thread look again. */
    void pumpTransmit() {
        while (true) {
            if (!transmitting.tryTake()) {
                AGAIN.setVolatile(this, true);
                if (!transmitting.tryTake()) {
                    return; // the holder sees the flag after giving the token back
                }
            }
            try {
                AGAIN.setVolatile(this, false);
                TRANSMIT_RUNS.setOpaque(this, transmitRuns + 1);
                transmit();
            } finally {
                transmitting.give();
            }
            if (!isOwed()) {
                return;
            }
        }
    }

    private void transmit() {
        final long now = scheduler.isPaced() ? clock.nanoTime() : 0;
        for (int round = 0; round < ROUNDS; round++) {
            driver.reclaim(spares);
            scheduler.fill(this, now);
            if (departing.size() == 0) {
                return;
            }
            driver.transmit(departing);
            if (departing.size() > 0) {
                return; // the driver is stuck; the rest stays in the batch and goes first next time
            }
        }
    }

    /** Returns how many more packets the driver can take now. */
    int transmitRoom() {
        return Math.min(spares.size(), departing.remaining());
    }

    /**
     * Puts a packet that the node holds into the departing batch. There is {@linkplain #transmitRoom room}, and {@link
     * #settle} follows.
     */
    void depart(PacketBuffer packet) {
        departing.add(packet.start, packet.length);
        packet.replaceFrame(FrameBatch.offsetOf(spares.removeLast()) & frameMask);
        final BufferPool home = packet.home();
        if (home != returningTo) {
            returnBuffers();
            returningTo = home;
        }
        returning[returningCount++] = packet.number();
    }

    private void returnBuffers() {
        if (returningTo != null) {
            returningTo.recycle(returning, returningCount);
            returningCount = 0;
        }
    }

    /** Returns the buffers of packets that have departed, with empty frames, to their pools, and counts the packets. */
    void settle(OutputChannel channel, int packets, long bytesOfPackets) {
        returnBuffers();
        returningTo = null;
        channel.departed(packets, bytesOfPackets);
        output.count(packets, bytesOfPackets);
    }

    // The rest is for opening and closing, under the lock of the node's administration.

    void addRule(DemuxRule rule, PacketSink sink) {
        rules.add(new DemuxTable.Entry<>(rule, sink));
        install();
    }

    /** After this returns, no thread is in {@link PacketSink#exchange} of that sink any more. */
    void removeRule(PacketSink sink) {
        rules.removeIf(entry -> entry.sink() == sink);
        install();
    }

    List<DemuxTable.Entry<PacketSink>> rules() {
        return rules;
    }

    private void install() {
        DemuxTable<PacketSink> next = new DemuxTable<>(rules);
        receiving.take();
        try {
            table = next;
            level = next.level();
        } finally {
            receiving.give();
        }
        driver.select(rules.stream().map(entry -> entry.rule().matches()).toList());
    }

    /** Returns what can be promised to channels: the link's capacity, or less if it is paced. */
    long capacityBytesPerMilli() {
        long capacity = driver.description().capacityBytesPerMilli();
        return scheduler.isPaced() ? Math.min(capacity, scheduler.pacedBytesPerMilli()) : capacity;
    }

    void addOutput(OutputChannel channel, long bytesPerMilli) {
        long left = capacityBytesPerMilli() - reservedBytesPerMilli;
        if (bytesPerMilli > left) {
            throw new ResourceException(
                    "output bandwidth of link " + name() + " in bytes per millisecond", bytesPerMilli, left);
        }
        reservedBytesPerMilli += bytesPerMilli;
        transmitting.take();
        try {
            scheduler.add(channel, bytesPerMilli);
        } finally {
            transmitting.give();
        }
    }

    /** After this returns, the link knows nothing of the channel; its queue is empty and its buffers are at home. */
    void removeOutput(OutputChannel channel, long bytesPerMilli) {
        reservedBytesPerMilli -= bytesPerMilli;
        transmitting.take();
        try {
            scheduler.remove(channel);
            channel.drain();
        } finally {
            transmitting.give();
        }
    }

    /** Stops the link. All channels must be closed; the frames end with the memory of the node. */
    @Override
    public void close() {
        receiving.take();
        transmitting.take();
        driver.wakeUp();
        awaiting.take();
        driver.close();
    }
}

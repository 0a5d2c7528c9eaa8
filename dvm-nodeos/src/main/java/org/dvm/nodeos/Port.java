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

/**
 * One open link: takes frames from its driver to the input channels and from the output channels to its driver.
 *
 * <p>Nobody owns the work. Whoever calls the node - a domain's thread that receives or sends, or the link's own keeper
 * thread when no domain calls - takes the token of one direction and moves a batch, for himself and all others. So on the
 * usual way a packet stays on the thread that wants it, and a domain that stalls holds up nobody: no domain code runs
 * while a token is held.
 */
final class Port implements AutoCloseable {
    static final int BATCH = 64;

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
    private final FrameBatch done = new FrameBatch(BATCH);
    private final int[] spareFrames;
    private int spares;
    private final LinkScheduler scheduler;
    private final Counters output = new Counters();
    private long transmitRuns;

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
        this.mac = driver.description().mac().bits();
        this.scheduler =
                new LinkScheduler(driver.description().mtuBytes() + Headers.ETHERNET_BYTES, pacedBytesPerMilli);
        this.spareFrames = memory.take(driver.transmitFrames());
        this.spares = spareFrames.length;
        int[] lent;
        try {
            lent = memory.take(driver.receiveFrames());
        } catch (RuntimeException e) {
            for (int frame : spareFrames) {
                memory.give(frame);
            }
            throw e;
        }
        FrameBatch empty = new FrameBatch(lent.length);
        for (int frame : lent) {
            empty.add(frame, 0);
        }
        driver.supply(empty);
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
            return receive();
        } finally {
            receiving.give();
        }
    }

    /** The same for a thread that receives from a queue: packets for it go straight to the thread's hands. */
    boolean pumpReceive(PacketQueue queue, int most) {
        if (!receiving.tryTake()) {
            return false;
        }
        try {
            RECEIVE_RUNS.setOpaque(this, receiveRuns + 1);
            queue.openHands(most);
            return receive();
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
            return receive();
        } finally {
            receiving.give();
        }
    }

    private boolean receive() {
        int count = driver.receive(arrived);
        if (count == 0) {
            return false;
        }
        fetch(count);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int length = arrived.length(i);
            sum += length;
            arrived.set(i, dispatch(arrived.offset(i), length, count - i), 0);
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

    /** Hands a frame to its channel and returns the frame that the driver gets for it. */
    private int dispatch(int offset, int length, int left) {
        final Headers headers = this.headers;
        headers.parse(bytes, offset, length, mac, level);
        PacketSink sink = table.find(bytes, headers);
        if (sink == null) {
            headers.parse(bytes, offset, length, mac, Headers.IP); // to tell why
            input.drop(headers.malformed ? DropReason.BAD_HEADER : DropReason.NO_CHANNEL);
            return offset;
        }
        if (!sink.isInBatch()) {
            sink.beforeBatch(left);
            touched.add(sink);
        }
        return sink.exchange(bytes, headers);
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
            VarHandle.fullFence();
            if (!(boolean) AGAIN.getVolatile(this)) {
                return;
            }
        }
    }

    private void transmit() {
        final long now = scheduler.isPaced() ? clock.nanoTime() : 0;
        for (int round = 0; round < ROUNDS; round++) {
            reclaim();
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

    private void reclaim() {
        done.clear();
        int count = driver.reclaim(done);
        while (count > 0) {
            for (int i = 0; i < count; i++) {
                spareFrames[spares++] = done.offset(i);
            }
            done.clear();
            count = driver.reclaim(done);
        }
    }

    /** Returns how many more packets the driver can take now. */
    int transmitRoom() {
        return Math.min(spares, departing.remaining());
    }

    /** Puts packets into the departing batch and returns their buffers, with empty frames, to their pools. */
    void depart(PacketBuffer[] packets, int count) {
        int first = 0;
        for (int i = 0; i < count; i++) {
            PacketBuffer packet = packets[i];
            departing.add(packet.start, packet.length);
            packet.replaceFrame(spareFrames[--spares]);
            if (packet.home() != packets[first].home()) {
                packets[first].home().recycle(packets, first, i - first);
                first = i;
            }
        }
        packets[first].home().recycle(packets, first, count - first);
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

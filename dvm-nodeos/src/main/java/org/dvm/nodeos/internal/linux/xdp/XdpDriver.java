package org.dvm.nodeos.internal.linux.xdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dvm.nodeos.internal.linux.InterfaceStatistics;
import org.dvm.nodeos.internal.linux.TransferCounters;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.netlink.LinkInfo;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.internal.linux.sys.WakeUp;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkCounters;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves frames of an interface through AF_XDP: one socket a receive queue, and one that sends.
 *
 * <p>The four calls of the driver are the four rings of the sockets; frames pass as numbers, and one system call sends a
 * batch. Receiving needs none as long as frames keep coming.
 */
final class XdpDriver implements LinkDriver {
    static final String NAME = "af_xdp";

    private static final Logger LOG = LoggerFactory.getLogger(XdpDriver.class);

    /**
     * How long to look at the ring before sleeping. Waking a sleeper costs the processor that receives some microseconds for
     * each batch, and while it does that it receives nothing: a forwarder that falls asleep at once is slower, and the sooner
     * asleep again.
     */
    private static final long SPIN_NANOS = 50_000;

    private static final int SPINS_BETWEEN_CLOCK_READINGS = 64;

    private final LinkDescription description;
    private final int frameBytes;
    private final Resources resources;
    private final XdpSocket[] sockets;
    private final XdpSender sender;
    private final int[] lent;
    private final InterfaceProgram program;
    private final InterfaceStatistics statistics;
    private final WakeUp wakeUp;
    private final TransferCounters received = new TransferCounters();
    private final TransferCounters transmitted = new TransferCounters();
    private int nextQueue;

    /** Whether frames have come since the last wait: if not, looking at the ring for a while isn't worth it. */
    private volatile boolean frequented;

    private XdpDriver(LinkDescription description, FrameMemory memory, Resources resources) throws LinuxException {
        this.description = description;
        this.frameBytes = memory.frameBytes();
        this.resources = resources;
        statistics = resources.add(InterfaceStatistics.open(description));
        List<XdpSocket> opened = openSockets(description, memory, resources);
        sockets = opened.toArray(new XdpSocket[0]);
        sender = resources.add(XdpSender.open(description, sockets[0]));
        lent = new int[sockets.length];
        wakeUp = resources.add(
                new WakeUp(opened.stream().mapToInt(XdpSocket::descriptor).toArray()));
        BpfMap map = resources.add(BpfMap.create(BpfMap.Kind.XDP_SOCKETS, "sockets", Integer.BYTES, sockets.length));
        for (int queue = 0; queue < sockets.length; queue++) {
            map.putInt(queue, sockets[queue].descriptor());
        }
        program = resources.add(new InterfaceProgram(description)); // closed first: then no frame is under way
        program.redirectTo(map);
    }

    /**
     * Opens a driver in the network namespace of the calling thread.
     *
     * @param description the interface
     * @param memory the frames
     * @return the driver
     * @throws LinuxException if a step fails; nothing stays open
     */
    static XdpDriver open(LinkDescription description, FrameMemory memory) throws LinuxException {
        Resources resources = new Resources();
        try {
            return new XdpDriver(description, memory, resources);
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static List<XdpSocket> openSockets(LinkDescription link, FrameMemory memory, Resources resources)
            throws LinuxException {
        int queues;
        try (InterfaceStatistics statistics = InterfaceStatistics.open(link)) {
            queues = statistics.current().map(LinkInfo::receiveQueues).orElse(1);
        }
        List<XdpSocket> sockets = new ArrayList<>();
        for (int queue = 0; queue < queues; queue++) {
            try {
                sockets.add(resources.add(XdpSocket.open(link, queue, memory)));
            } catch (LinuxException e) {
                if (queue > 0 && e.is(Errno.EINVAL)) {
                    break; // the interface has room for more queues than are in use
                }
                throw e;
            }
        }
        return sockets;
    }

    @Override
    public LinkDescription description() {
        return description;
    }

    @Override
    public String backEnd() {
        return NAME;
    }

    @Override
    public int receiveFrames() {
        return XdpSocket.RING_SLOTS * sockets.length;
    }

    @Override
    public int transmitFrames() {
        return XdpSocket.RING_SLOTS;
    }

    // Hot path: no allocation, no locks, no logging.

    @Override
    public void supply(FrameBatch empty) {
        int taken = 0;
        for (int queue = 0; queue < sockets.length && taken < empty.size(); queue++) {
            taken += supply(queue, empty, taken);
        }
        if (taken < empty.size()) {
            throw new IllegalStateException("more frames supplied than asked for: surplus=" + (empty.size() - taken));
        }
        empty.clear();
    }

    private int supply(int queue, FrameBatch empty, int from) {
        int count = Math.min(empty.size() - from, XdpSocket.RING_SLOTS - lent[queue]);
        if (count > 0) {
            XdpRing fill = sockets[queue].fill;
            // A frame lent is in the fill ring, in the receive ring or on its way between them: there is room.
            fill.writable(count);
            fill.writeFrames(empty, from, count, frameBytes);
            fill.publish(count);
            lent[queue] += count;
            sockets[queue].wakeReceiver();
        }
        return count;
    }

    @Override
    public int receive(FrameBatch full) {
        int count = 0;
        for (int turn = 0; turn < sockets.length; turn++) {
            int queue = nextQueue;
            nextQueue = queue + 1 == sockets.length ? 0 : queue + 1;
            count += receive(queue, full);
        }
        return count;
    }

    private int receive(int queue, FrameBatch full) {
        XdpRing ring = sockets[queue].receive;
        int count = ring.readable(full.remaining());
        if (count > 0) {
            long bytes = ring.readPackets(full, count);
            ring.release(count);
            lent[queue] -= count;
            received.add(count, bytes);
            if (!frequented) {
                frequented = true;
            }
        }
        return count;
    }

    @Override
    public int transmit(FrameBatch frames) {
        XdpRing ring = sender.transmit;
        int count = Math.min(frames.size(), ring.writable(frames.size()));
        if (count > 0) {
            long bytes = ring.writePackets(frames, count);
            ring.publish(count);
            frames.removeFirst(count);
            transmitted.add(count, bytes);
            sender.kick(count);
        }
        return count;
    }

    @Override
    public int reclaim(FrameBatch done) {
        if (sender.transmit.isPending()) {
            sender.kick(1); // the last kick left frames behind
        }
        XdpRing ring = sender.completion;
        int count = ring.readable(done.remaining());
        if (count > 0) {
            ring.readFrames(done, count);
            ring.release(count);
        }
        return count;
    }

    @Override
    public void awaitReceive(long timeoutNanos) {
        if (!frequented) {
            wakeUp.await(timeoutNanos);
            return;
        }
        frequented = false;
        long spinUntil = System.nanoTime() + Math.min(SPIN_NANOS, timeoutNanos);
        do {
            for (int spin = 0; spin < SPINS_BETWEEN_CLOCK_READINGS; spin++) {
                for (XdpSocket socket : sockets) {
                    if (socket.receive.hasEntries()) {
                        return;
                    }
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - spinUntil < 0);
        wakeUp.await(timeoutNanos);
    }

    @Override
    public void wakeUp() {
        wakeUp.wake();
    }

    @Override
    public void select(List<List<CutThroughPlan.Match>> keys) {
        try {
            program.select(List.copyOf(keys));
        } catch (LinuxException e) {
            // The node looks at every frame itself, so all that is lost is what the host could have had.
            LOG.warn("{} goes on to take every frame: {}", description.name(), e.getMessage());
        }
    }

    @Override
    public LinkCounters counters() {
        long receiveDrops = 0;
        for (XdpSocket socket : sockets) {
            receiveDrops += socket.receiveDrops();
        }
        return new LinkCounters(
                received.frames(),
                received.bytes(),
                transmitted.frames(),
                transmitted.bytes(),
                receiveDrops,
                statistics.transmitDrops());
    }

    @Override
    public Optional<CutThroughOffload> offload(CutThroughPlan plan) {
        return CutThroughOffloads.start(program, plan, description);
    }

    @Override
    public void close() {
        resources.close();
    }
}

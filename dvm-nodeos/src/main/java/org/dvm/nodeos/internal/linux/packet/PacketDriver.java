package org.dvm.nodeos.internal.linux.packet;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;
import org.dvm.nodeos.internal.linux.InterfaceStatistics;
import org.dvm.nodeos.internal.linux.TransferCounters;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.internal.linux.sys.WakeUp;
import org.dvm.nodeos.internal.linux.xdp.CutThroughOffloads;
import org.dvm.nodeos.internal.linux.xdp.InterfaceProgram;
import org.dvm.nodeos.link.CutThroughOffload;
import org.dvm.nodeos.link.CutThroughPlan;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkCounters;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both AF_PACKET drivers have in common: the empty frames they were lent, sending, waiting, counting. */
abstract class PacketDriver implements LinkDriver {
    private static final Logger LOG = LoggerFactory.getLogger(PacketDriver.class);

    /** Frames lent for reception: as many as the AF_XDP driver wants. */
    static final int RECEIVE_FRAMES = 512;

    final FrameMemory memory;
    final long memoryAddress;
    final PacketSocket socket;
    final TransferCounters received = new TransferCounters();
    final FrameBatch empty = new FrameBatch(RECEIVE_FRAMES);
    final Resources resources;
    private final LinkDescription description;
    private final InterfaceStatistics statistics;
    private final InterfaceProgram program;
    private final BatchSender sender;
    private final WakeUp wakeUp;

    /** Opens the socket, not bound yet; what is opened is the caller's to close, through {@code resources}. */
    PacketDriver(LinkDescription description, FrameMemory memory, Resources resources) throws LinuxException {
        this.description = description;
        this.memory = memory;
        this.resources = resources;
        memoryAddress = Pointer.nativeValue(Native.getDirectBufferPointer(memory.bytes()));
        statistics = resources.add(InterfaceStatistics.open(description));
        program = resources.add(new InterfaceProgram(description));
        socket = resources.add(PacketSocket.open(description));
        sender = resources.add(new BatchSender(socket, memoryAddress));
        wakeUp = resources.add(new WakeUp(socket.number()));
    }

    @Override
    public final LinkDescription description() {
        return description;
    }

    @Override
    public final int receiveFrames() {
        return RECEIVE_FRAMES;
    }

    @Override
    public final int transmitFrames() {
        return BatchSender.CAPACITY;
    }

    // Hot path: no allocation, no locks, no logging.

    @Override
    public final void supply(FrameBatch frames) {
        for (int i = 0; i < frames.size(); i++) {
            empty.add(frames.offset(i), 0);
        }
        frames.clear();
    }

    /** Takes an empty frame and returns where a packet is to be put in it; there must be one. */
    final int takeEmpty() {
        return memory.frameOf(FrameBatch.offsetOf(empty.removeLast())) + FrameMemory.HEADROOM_BYTES;
    }

    final int roomInFrame() {
        return memory.frameBytes() - FrameMemory.HEADROOM_BYTES;
    }

    @Override
    public final int transmit(FrameBatch frames) {
        return sender.transmit(frames);
    }

    @Override
    public final int reclaim(FrameBatch done) {
        return sender.reclaim(done);
    }

    @Override
    public void awaitReceive(long timeoutNanos) {
        wakeUp.await(timeoutNanos);
    }

    @Override
    public final void wakeUp() {
        wakeUp.wake();
    }

    @Override
    public final void select(List<List<CutThroughPlan.Match>> keys) {
        try {
            socket.filter(ClassicFilter.compile(keys).orElse(null));
        } catch (LinuxException e) {
            // The node looks at every frame itself, so all that is lost is time.
            LOG.warn("{} goes on to take every frame: {}", description.name(), e.getMessage());
        }
    }

    /** Makes a group of drivers that share what arrives, and returns its number. */
    final int startFanout() throws LinuxException {
        return socket.startFanout();
    }

    /** Shares what arrives with the other drivers of a group. */
    final void joinFanout(int group) throws LinuxException {
        socket.joinFanout(group);
    }

    @Override
    public final LinkCounters counters() {
        return new LinkCounters(
                received.frames(),
                received.bytes(),
                sender.counters().frames(),
                sender.counters().bytes(),
                socket.drops() + received.drops(),
                statistics.transmitDrops() + sender.counters().drops());
    }

    @Override
    public final Optional<CutThroughOffload> offload(CutThroughPlan plan) {
        return CutThroughOffloads.start(program, plan, description);
    }

    @Override
    public final void close() {
        resources.close();
    }
}

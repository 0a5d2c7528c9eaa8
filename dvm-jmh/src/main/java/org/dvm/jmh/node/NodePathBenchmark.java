package org.dvm.jmh.node;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dvm.nodeos.InputChannel;
import org.dvm.nodeos.InputSpec;
import org.dvm.nodeos.InternetChecksum;
import org.dvm.nodeos.Node;
import org.dvm.nodeos.OutputChannel;
import org.dvm.nodeos.OutputSpec;
import org.dvm.nodeos.PacketBuffer;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to receive, route and send one packet of a batch of 256 over links that cost next to nothing: straight over
 * the drivers, and through the channels of a domain. The difference is the node's: demultiplexing, exchange of buffers,
 * protection, accounting and shares.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class NodePathBenchmark {
    private static final int BATCH = 256;
    private static final int BUFFERS = 1024;
    private static final int TTL_TO_SOURCE = 8;
    private static final String NEXT_HOP = "02:00:00:00:00:02";

    private final List<Turntable> links = new ArrayList<>();
    private final FrameMemory memory = FrameMemory.allocate(8192, 2048);
    private final PacketBuffer[] packets = new PacketBuffer[BATCH];
    private final Node node = Node.builder().memory(memory).manual().build();
    private final InputChannel in;
    private final OutputChannel out;

    private final FrameMemory bareMemory = FrameMemory.allocate(8192, 2048);
    private final Turntable bareIn = new Turntable("if0", bareMemory);
    private final Turntable bareOut = new Turntable("if1", bareMemory);
    private final FrameBatch frames = new FrameBatch(BATCH);
    private final FrameBatch supplies = new FrameBatch(bareIn.receiveFrames());
    private final FrameBatch spare = new FrameBatch(bareOut.transmitFrames());

    /** Makes both paths. */
    public NodePathBenchmark() {
        node.attach(frameMemory -> attach("if0", frameMemory));
        node.attach(frameMemory -> attach("if1", frameMemory));
        in = node.root().openInput(InputSpec.of("if0/eth", "type=0800").withBuffers(BUFFERS));
        out = node.root()
                .openOutput(OutputSpec.of("if1/eth", "mac=" + NEXT_HOP, 1_000).withQueue(BUFFERS));
        for (int frame : bareMemory.take(bareIn.receiveFrames())) {
            supplies.add(frame, 0);
        }
        bareIn.supply(supplies);
        for (int frame : bareMemory.take(bareOut.transmitFrames())) {
            spare.add(frame, 0);
        }
    }

    private Turntable attach(String name, FrameMemory frameMemory) {
        Turntable link = new Turntable(name, frameMemory);
        links.add(link);
        return link;
    }

    /** Sees that both forward whole batches. */
    @Setup
    public void check() {
        channels();
        driver();
        if (links.get(1).transmitted() != BATCH || bareOut.transmitted() != BATCH) {
            throw new IllegalStateException("a path has lost packets");
        }
    }

    /** Ends the node. */
    @TearDown
    public void close() {
        node.close();
    }

    /**
     * Forwards a batch through a domain's channels.
     *
     * @return packets sent
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int channels() {
        int count = in.receive(packets);
        for (int i = 0; i < count; i++) {
            PacketBuffer packet = packets[i];
            long before = packet.getLong(TTL_TO_SOURCE);
            int ttl = (int) (before >>> 48);
            int checksum = InternetChecksum.update((int) (before >>> 32) & 0xffff, ttl, ttl - 0x100);
            packet.setLong(TTL_TO_SOURCE, ((ttl - 0x100L) << 16 | checksum) << 32 | before & 0xffff_ffffL);
        }
        return out.send(packets, 0, count);
    }

    /**
     * Forwards a batch from driver to driver.
     *
     * @return packets sent
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int driver() {
        int count = bareIn.receive(frames);
        ByteBuffer bytes = bareMemory.bytes();
        for (int i = 0; i < count; i++) {
            int at = frames.offset(i);
            bytes.put(at + 22, (byte) (bytes.get(at + 22) - 1));
            int checksum = (bytes.getShort(at + 24) & 0xffff) + 0x100;
            bytes.putShort(at + 24, (short) (checksum + (checksum >>> 16)));
            bytes.putLong(at, 0x0200_0000_0002_0200L);
            bytes.putInt(at + 8, 1);
        }
        for (int i = 0; i < count; i++) {
            supplies.add(FrameBatch.offsetOf(spare.removeLast()), 0);
        }
        bareIn.supply(supplies);
        int sent = bareOut.transmit(frames);
        bareOut.reclaim(spare);
        return sent;
    }
}

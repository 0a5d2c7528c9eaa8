package org.dvm.jmh.forwarding;

import java.util.concurrent.TimeUnit;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameGenerator;
import org.dvm.nodeos.lab.FrameSink;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.LinkDescription;

/**
 * A node's namespace with two interfaces: one cable leads to the generator's namespace, the other to a sink's that counts.
 *
 * <p>The generator and what the kernel does on its behalf when frames arrive share one processor, the forwarder has
 * another.
 */
final class Testbed implements AutoCloseable {
    static final int FRAME_BYTES = 60;
    static final int PORT = 9;
    static final int GENERATOR_PROCESSOR = 0;
    static final int FORWARDER_PROCESSOR = 1;

    private static final int SOURCE_ADDRESS = 0x0a000001;
    private static final int DESTINATION_ADDRESS = 0x0a000102;

    private final NetworkNamespace node = NetworkNamespace.create("node");
    private final NetworkNamespace destination = NetworkNamespace.create("sink");
    private final Cable before;
    private final Cable after;
    private final FrameSink sink;

    /**
     * Lays the cables.
     *
     * @param source the generator's namespace
     * @param number of the testbed, among those of the same generator
     */
    Testbed(NetworkNamespace source, int number) {
        before = Cable.lay(source, "src" + number, node, "if0");
        after = Cable.lay(node, "if1", destination, "snk0");
        sink = FrameSink.on(destination, after.right());
    }

    NetworkNamespace node() {
        return node;
    }

    LinkDescription input() {
        return before.right();
    }

    LinkDescription output() {
        return after.left();
    }

    /** The station that the node sends to. */
    LinkDescription nextHop() {
        return after.right();
    }

    /** Makes a generator that sends to this testbed, at first. */
    FrameGenerator generator(NetworkNamespace source) {
        byte[] frame = UdpFrames.make(
                input().mac(), before.left().mac(), SOURCE_ADDRESS, DESTINATION_ADDRESS, PORT, FRAME_BYTES);
        return FrameGenerator.on(source, before.left(), frame);
    }

    /**
     * Measures the frames a second that reach the sink.
     *
     * @param generator a generator at work
     * @param settleMillis how long frames come before they are counted
     * @param millis how long they are counted
     * @param speed tells whether the processors ran at full speed meanwhile
     */
    Slice measure(FrameGenerator generator, long settleMillis, long millis, SpeedGauge speed)
            throws InterruptedException {
        generator.aim(before.left(), input().mac());
        TimeUnit.MILLISECONDS.sleep(settleMillis);
        speed.wasFull();
        long begin = System.nanoTime();
        long first = sink.count().frames();
        TimeUnit.MILLISECONDS.sleep(millis);
        long frames = sink.count().frames() - first;
        double perSecond = frames * 1e9 / (System.nanoTime() - begin);
        return new Slice(perSecond, speed.wasFull());
    }

    @Override
    public void close() {
        sink.close();
        destination.close();
        node.close();
    }
}

package org.dvm.jmh.forwarding;

import java.util.concurrent.TimeUnit;
import org.dvm.nodeos.lab.Cable;
import org.dvm.nodeos.lab.FrameGenerator;
import org.dvm.nodeos.lab.FrameSink;
import org.dvm.nodeos.lab.NetworkNamespace;
import org.dvm.nodeos.lab.UdpFrames;
import org.dvm.nodeos.link.LinkDescription;

/**
 * Three namespaces in a row: a generator, the node under test with two interfaces, and a sink that counts.
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

    private final NetworkNamespace source = NetworkNamespace.create("source");
    private final NetworkNamespace node = NetworkNamespace.create("node");
    private final NetworkNamespace destination = NetworkNamespace.create("sink");
    private final Cable before = Cable.lay(source, "src0", node, "if0");
    private final Cable after = Cable.lay(node, "if1", destination, "snk0");
    private final FrameSink sink = FrameSink.on(destination, after.right());

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

    /** Returns the frames a second that reach the sink, after a while in which they aren't counted. */
    double framesPerSecond(long warmUpMillis, long measuredMillis) throws InterruptedException {
        byte[] frame = UdpFrames.make(
                input().mac(), before.left().mac(), SOURCE_ADDRESS, DESTINATION_ADDRESS, PORT, FRAME_BYTES);
        try (FrameGenerator generator = FrameGenerator.on(source, before.left(), frame)) {
            generator.start(GENERATOR_PROCESSOR);
            TimeUnit.MILLISECONDS.sleep(warmUpMillis);
            long begin = System.nanoTime();
            long first = sink.count().frames();
            TimeUnit.MILLISECONDS.sleep(measuredMillis);
            long frames = sink.count().frames() - first;
            return frames * 1e9 / (System.nanoTime() - begin);
        }
    }

    @Override
    public void close() {
        sink.close();
        destination.close();
        node.close();
        source.close();
    }
}

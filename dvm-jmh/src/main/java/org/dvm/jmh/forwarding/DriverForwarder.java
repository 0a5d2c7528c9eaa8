package org.dvm.jmh.forwarding;

import java.nio.ByteBuffer;
import java.util.ServiceLoader;
import org.dvm.nodeos.lab.Processor;
import org.dvm.nodeos.link.FrameBatch;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkDriverProvider;

/** A Java loop straight over a pair of drivers: what a back end can do before the node adds anything. */
final class DriverForwarder implements Forwarder {
    private static final int FRAMES = 4096;
    private static final int FRAME_BYTES = 2048;
    private static final int BATCH = 256;
    private static final long WAIT_NANOS = 50_000_000;

    private final String backEnd;

    DriverForwarder(String backEnd) {
        this.backEnd = backEnd;
    }

    static LinkDriverProvider provider(String backEnd) {
        return ServiceLoader.load(LinkDriverProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.backEnd().equals(backEnd))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no such back end: backEnd=" + backEnd));
    }

    @Override
    public String name() {
        return "Java driver " + backEnd;
    }

    @Override
    public Running start(Testbed testbed) {
        LinkDriverProvider provider = provider(backEnd);
        FrameMemory memory = FrameMemory.allocate(FRAMES, FRAME_BYTES);
        LinkDriver input = testbed.node().call(() -> provider.open(testbed.input(), memory));
        LinkDriver output = testbed.node().call(() -> provider.open(testbed.output(), memory));
        Loop loop = new Loop(testbed, memory, input, output);
        Thread thread = new Thread(loop, "forwarder");
        thread.start();
        return () -> {
            loop.stopping = true;
            input.wakeUp();
            thread.join();
            input.close();
            output.close();
        };
    }

    private static final class Loop implements Runnable {
        private final FrameMemory memory;
        private final LinkDriver input;
        private final LinkDriver output;
        private final long addressesHigh;
        private final int addressesLow;
        private final FrameBatch supplies;
        private final FrameBatch done;
        private final FrameBatch spare = new FrameBatch(FRAMES);
        private volatile boolean stopping;

        Loop(Testbed testbed, FrameMemory memory, LinkDriver input, LinkDriver output) {
            this.memory = memory;
            this.input = input;
            this.output = output;
            long destination = testbed.nextHop().mac().bits();
            long source = testbed.output().mac().bits();
            addressesHigh = destination << 16 | source >>> 32;
            addressesLow = (int) source;
            supplies = new FrameBatch(input.receiveFrames());
            done = new FrameBatch(output.transmitFrames());
            for (int offset : memory.take(input.receiveFrames())) {
                supplies.add(offset, 0);
            }
            for (int offset : memory.take(output.transmitFrames())) {
                spare.add(offset, 0);
            }
        }

        @Override
        public void run() {
            Processor.pin(Testbed.FORWARDER_PROCESSOR);
            FrameBatch full = new FrameBatch(BATCH);
            input.supply(supplies);
            while (!stopping) {
                int count = input.receive(full);
                if (count == 0) {
                    reclaim();
                    input.awaitReceive(WAIT_NANOS);
                    continue;
                }
                route(full);
                while (full.size() > 0) {
                    output.transmit(full);
                    reclaim();
                }
                while (spare.size() < count) {
                    reclaim();
                }
                for (int i = 0; i < count; i++) {
                    supplies.add(FrameBatch.offsetOf(spare.removeLast()), 0);
                }
                input.supply(supplies);
            }
        }

        private void route(FrameBatch frames) {
            ByteBuffer bytes = memory.bytes();
            for (int i = 0; i < frames.size(); i++) {
                int at = frames.offset(i);
                bytes.put(at + 22, (byte) (bytes.get(at + 22) - 1));
                int checksum = (bytes.getShort(at + 24) & 0xffff) + 0x100;
                bytes.putShort(at + 24, (short) (checksum + (checksum >>> 16)));
                bytes.putLong(at, addressesHigh);
                bytes.putInt(at + 8, addressesLow);
            }
        }

        private void reclaim() {
            output.reclaim(done);
            while (done.size() > 0) {
                spare.add(FrameBatch.offsetOf(done.removeLast()), 0);
            }
        }
    }
}

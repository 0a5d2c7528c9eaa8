package org.dvm.nodeos.link;

/** What drivers without rings of a kernel have in common: the empty frames they were lent, and counts. */
abstract sealed class PlainDriver implements LinkDriver permits MemoryLink.End, SocketLink {
    private final LinkDescription link;
    private final FrameMemory memory;

    // With whoever receives.
    private final int[] empty;
    private int emptyCount;
    private volatile long receivedFrames;
    private volatile long receivedBytes;
    private volatile long receiveDrops;

    // With whoever transmits.
    private final int transmitFrames;
    private volatile long transmittedFrames;
    private volatile long transmittedBytes;
    private volatile long transmitDrops;

    PlainDriver(LinkDescription link, FrameMemory memory, int receiveFrames, int transmitFrames) {
        this.link = link;
        this.memory = memory;
        this.empty = new int[receiveFrames];
        this.transmitFrames = transmitFrames;
    }

    @Override
    public final LinkDescription description() {
        return link;
    }

    final FrameMemory memory() {
        return memory;
    }

    @Override
    public final int receiveFrames() {
        return empty.length;
    }

    @Override
    public final int transmitFrames() {
        return transmitFrames;
    }

    @Override
    public final void supply(FrameBatch frames) {
        for (int i = 0; i < frames.size(); i++) {
            empty[emptyCount++] = memory.frameOf(frames.offset(i));
        }
        frames.clear();
    }

    final boolean hasEmptyFrame() {
        return emptyCount > 0;
    }

    /** Returns where a packet goes in the next empty frame. */
    final int nextEmptyFrame() {
        return empty[emptyCount - 1] + FrameMemory.HEADROOM_BYTES;
    }

    /** The next empty frame has been filled. */
    final void useEmptyFrame() {
        emptyCount--;
    }

    final void received(int frames, long bytes) {
        receivedFrames = receivedFrames + frames;
        receivedBytes = receivedBytes + bytes;
    }

    final void lostReceiving() {
        receiveDrops = receiveDrops + 1;
    }

    final void transmitted(int frames, long bytes) {
        transmittedFrames = transmittedFrames + frames;
        transmittedBytes = transmittedBytes + bytes;
    }

    final void lostTransmitting() {
        transmitDrops = transmitDrops + 1;
    }

    @Override
    public final LinkCounters counters() {
        return new LinkCounters(
                receivedFrames, receivedBytes, transmittedFrames, transmittedBytes, receiveDrops, transmitDrops);
    }
}

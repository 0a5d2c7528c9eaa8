package org.dvm.nodeos;

import java.nio.ByteBuffer;

/** Where a link delivers frames; called with the link's receive token. */
interface PacketSink {
    /**
     * Takes the frame that the headers describe and gives another one for it: an empty one of its own, or the same if it
     * drops the packet.
     *
     * @return any offset in the frame given
     */
    int exchange(ByteBuffer bytes, Headers headers);

    /** Returns whether {@link #beforeBatch} has been called and {@link #afterBatch} not yet. */
    boolean isInBatch();

    /** Called before the first frame that a sink gets of a batch; it gets at most so many. */
    void beforeBatch(int frames);

    /** Called once after a batch in which the sink got a frame. */
    void afterBatch();
}

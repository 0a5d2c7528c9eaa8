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

    /** Returns true if this is the first call since {@link #afterBatch}. */
    boolean markTouched();

    /** Called once after a batch in which the sink got a frame. */
    void afterBatch();
}

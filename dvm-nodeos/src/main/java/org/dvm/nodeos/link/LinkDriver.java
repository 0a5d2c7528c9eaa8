package org.dvm.nodeos.link;

import java.util.List;
import java.util.Optional;

/**
 * Moves frames between one link and a {@link FrameMemory}.
 *
 * <p>The node lends frames to the driver and gets them back: empty ones through {@link #supply}, which come back full
 * from {@link #receive}; full ones through {@link #transmit}, which come back from {@link #reclaim}. At every moment a
 * frame is either the node's or the driver's; a driver touches no frame that it does not hold, and a closed driver holds
 * none.
 *
 * <pre>
 *      node    --- supply (empty) ---&gt;   driver    &lt;--- wire
 *              &lt;-- receive (full) ----
 *              --- transmit (full) --&gt;             ---&gt; wire
 *              &lt;-- reclaim (done) ----
 * </pre>
 *
 * <p>The node supplies {@link #receiveFrames} empty frames when it has opened the driver, and after that one for each
 * frame received. It has never more than {@link #transmitFrames} frames in transmission, so a driver need not refuse for
 * want of room.
 *
 * <p><b>Threads:</b> {@code supply} and {@code receive} are called by one thread at a time, {@code transmit} and {@code
 * reclaim} by one thread at a time; both pairs may run at once, and each pair may move to another thread, with a
 * happens-before edge between. {@code awaitReceive} is called by one thread and may overlap with everything. {@code
 * close} is called once, last, when no other call is under way. The other methods are for any thread.
 */
public interface LinkDriver extends AutoCloseable {
    /**
     * Returns the link that the driver moves frames for.
     *
     * @return the same value at each call
     */
    LinkDescription description();

    /**
     * Returns the name of the design, for logs and reports.
     *
     * @return such as {@code af_xdp} or {@code memory}
     */
    String backEnd();

    /**
     * Returns how many empty frames the driver wants lent for reception.
     *
     * @return the size of its fill ring, at least 1
     */
    int receiveFrames();

    /**
     * Returns how many frames may be in transmission.
     *
     * @return the size of its transmit ring, at least 1
     */
    int transmitFrames();

    /**
     * Lends empty frames for reception. The driver takes all of them and empties the batch.
     *
     * @param empty frames whose content and offset inside the frame mean nothing
     */
    void supply(FrameBatch empty);

    /**
     * Appends the frames that have arrived, at most as many as the batch has room for. Does not wait.
     *
     * @param full where to append; offset and length cover the Ethernet header to the last byte of the payload
     * @return the number appended
     */
    int receive(FrameBatch full);

    /**
     * Sends frames: takes as many as it can from the front of the batch and removes them from it. Does not wait.
     *
     * @param frames Ethernet frames; those left in the batch stay the node's
     * @return the number taken
     */
    int transmit(FrameBatch frames);

    /**
     * Appends the frames whose transmission has ended, at most as many as the batch has room for.
     *
     * @param done where to append; the frames are the node's again
     * @return the number appended
     */
    int reclaim(FrameBatch done);

    /**
     * Waits until frames may have arrived, the time is over, or {@link #wakeUp} is called. May return early.
     *
     * @param timeoutNanos longest wait in nanoseconds
     */
    void awaitReceive(long timeoutNanos);

    /** Ends a wait in {@link #awaitReceive}; if none is under way, the next one returns at once. */
    void wakeUp();

    /**
     * Says which frames the node has a use for. The driver leaves others to the host's own network stack, or drops them,
     * as early as it can; it may deliver them all the same, so the node looks at every frame itself. Until the first call
     * every frame is delivered.
     *
     * @param keys alternatives, each a list of conditions that all must hold; an empty list in it stands for every frame
     */
    default void select(List<List<CutThroughPlan.Match>> keys) {}

    /**
     * Returns what the link and its driver have lost.
     *
     * @return counts since the driver was opened
     */
    LinkCounters counters();

    /**
     * Moves a cut-through channel beneath the node, into the kernel or the device, if the back end can.
     *
     * @param plan what the channel does to which packets
     * @return the running channel, or nothing if this plan must run in the node
     */
    default Optional<CutThroughOffload> offload(CutThroughPlan plan) {
        return Optional.empty();
    }

    /**
     * Stops the link and lets go of every frame. After that the memory may be unmapped.
     *
     * @throws LinkException if the link could not be stopped cleanly; the frames are the node's all the same
     */
    @Override
    void close();
}

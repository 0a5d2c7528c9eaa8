package org.dvm.nodeos;

/** A moment at which an event is delivered. <b>Threads:</b> any thread. */
public interface Timer {
    /**
     * Ends the timer. An event that is being delivered is not stopped.
     *
     * @return true if an event was still to come
     */
    boolean cancel();
}

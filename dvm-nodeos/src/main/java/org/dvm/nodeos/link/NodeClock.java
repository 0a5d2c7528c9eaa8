package org.dvm.nodeos.link;

/** Where the node and its links take the time from. <b>Threads:</b> any thread. */
public interface NodeClock {
    /** The clock of the machine. */
    NodeClock SYSTEM = System::nanoTime;

    /**
     * Returns the time.
     *
     * @return nanoseconds since an arbitrary moment; never goes back
     */
    long nanoTime();
}

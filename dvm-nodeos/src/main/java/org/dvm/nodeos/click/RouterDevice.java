package org.dvm.nodeos.click;

import org.dvm.nodeos.PacketBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A network interface as a router sees it.
 *
 * <p><b>Threads:</b> called by the router's thread only.
 */
public interface RouterDevice {
    /** Returns the name by which configurations call it, such as {@code eth0}. */
    String name();

    /** Returns the interface's Ethernet address in the low 48 bits. */
    long etherAddress();

    /** Returns the next frame that has arrived, held by the running thread; null where there is none now. */
    @Nullable
    PacketBuffer receive();

    /**
     * Sends a frame.
     *
     * @return false where there is no room now; the caller still holds the frame then
     */
    boolean transmit(PacketBuffer frame);
}

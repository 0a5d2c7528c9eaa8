package org.dvm.nodeos.internal.linux;

import java.util.Optional;
import org.dvm.nodeos.internal.linux.netlink.LinkInfo;
import org.dvm.nodeos.internal.linux.netlink.Rtnetlink;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.LinkDescription;

/**
 * What the kernel counts for an interface, relative to the moment this object was opened. Others who send on the
 * interface are counted with us.
 *
 * <p><b>Threads:</b> any.
 */
public final class InterfaceStatistics implements AutoCloseable {
    private final LinkDescription link;
    private final Rtnetlink rtnetlink;
    private final long dropsBefore;
    private long lastDrops;

    private InterfaceStatistics(LinkDescription link, Rtnetlink rtnetlink) throws LinuxException {
        this.link = link;
        this.rtnetlink = rtnetlink;
        dropsBefore = current().map(LinkInfo::transmitDrops).orElse(0L);
        lastDrops = dropsBefore;
    }

    /**
     * Begins to count in the network namespace of the calling thread.
     *
     * @param link the interface
     * @return the statistics
     * @throws LinuxException if the kernel refuses
     */
    public static InterfaceStatistics open(LinkDescription link) throws LinuxException {
        Rtnetlink rtnetlink = Rtnetlink.open();
        try {
            return new InterfaceStatistics(link, rtnetlink);
        } catch (LinuxException e) {
            rtnetlink.close();
            throw e;
        }
    }

    /**
     * Asks for the interface.
     *
     * @return how it is now, or nothing if it is gone
     * @throws LinuxException if the kernel refuses
     */
    public synchronized Optional<LinkInfo> current() throws LinuxException {
        return rtnetlink.links().stream()
                .filter(candidate -> candidate.index() == link.index())
                .findFirst();
    }

    /**
     * Returns how many frames the interface has refused or lost on the way out.
     *
     * @return frames since this object was opened; the last known number if the interface is gone
     */
    public synchronized long transmitDrops() {
        try {
            current().ifPresent(info -> lastDrops = info.transmitDrops());
            return lastDrops - dropsBefore;
        } catch (LinuxException e) {
            throw new IllegalStateException("statistics of " + link.name() + " can't be read", e);
        }
    }

    @Override
    public synchronized void close() {
        rtnetlink.close();
    }
}

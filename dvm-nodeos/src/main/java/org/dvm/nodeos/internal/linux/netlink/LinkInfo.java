package org.dvm.nodeos.internal.linux.netlink;

import org.dvm.nodeos.link.MacAddress;

/**
 * One network interface.
 *
 * @param index the kernel's number for it
 * @param name its name
 * @param mac its Ethernet address; {@link MacAddress#NONE} if it has none
 * @param qdisc queueing discipline; {@code noop} swallows every packet, until the interface is ready
 * @param mtu longest network-layer packet in bytes
 * @param flags {@code IFF_*} bits
 * @param receiveQueues hardware or driver queues it may have at most
 * @param transmitDrops frames the interface refused or lost on the way out since it was made
 * @param kind driver kind such as {@code veth}; empty for a plain device
 */
public record LinkInfo(
        int index,
        String name,
        MacAddress mac,
        String qdisc,
        int mtu,
        int flags,
        int receiveQueues,
        long transmitDrops,
        String kind) {
    private static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 1 << 3;
    private static final int IFF_LOWER_UP = 1 << 16;
    private static final String NO_OPERATION = "noop";

    /**
     * Tells whether the interface is switched on.
     *
     * @return whether it is up
     */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /**
     * Tells whether there is somebody at the other end of the wire.
     *
     * @return whether it has a carrier
     */
    public boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    /**
     * Tells whether the interface carries packets: only a moment after it has got its carrier the kernel puts its queueing
     * discipline in place, and until then what a packet socket sends vanishes.
     *
     * @return whether it has a carrier and a queueing discipline that lets packets through
     */
    public boolean isRunning() {
        return hasCarrier() && !qdisc.equals(NO_OPERATION);
    }

    /**
     * Tells whether the interface only leads back to this machine.
     *
     * @return whether it is a loopback interface
     */
    public boolean isLoopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }
}

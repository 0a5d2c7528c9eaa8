package org.dvm.nodeos.internal.linux.xdp;

import static org.dvm.nodeos.internal.linux.xdp.XdpSocket.RING_SLOTS;
import static org.dvm.nodeos.internal.linux.xdp.XdpSocket.SOL_XDP;

import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.internal.linux.sys.NativeMemory;
import org.dvm.nodeos.internal.linux.sys.Resources;
import org.dvm.nodeos.link.LinkDescription;

/**
 * An AF_XDP socket that sends to the first queue of an interface, beside the one that receives from it: they share the
 * frames and the completion ring.
 *
 * <p>One socket could do both. But whoever waits for frames waits at a socket, and the kernel, as it frees what was sent,
 * looks whether somebody is to be woken: with a waiter it takes a lock more for every frame.
 *
 * <p><b>Threads:</b> one.
 */
final class XdpSender implements AutoCloseable {
    /** The most frames the kernel sends in one call, if it lets itself be told; else it is 32. */
    private static final int SEND_BUDGET = 256;

    private static final int DEFAULT_SEND_BUDGET = 32;
    private static final int TX_RING = 3;
    private static final int TX_LAYOUT = 1;
    private static final int MAX_TX_SKB_BUDGET = 9;
    private static final int SHARED_UMEM = 1;
    private static final long PAGE_TX = 0x8000_0000L;

    private static final int SO_SNDBUF = 7;
    private static final int SO_SNDBUFFORCE = 32;
    /** A frame in flight is charged with its buffer's true size: room for a ring of the largest. */
    private static final int SEND_BUFFER_BYTES = RING_SLOTS * 4096;

    final XdpRing transmit;
    final XdpRing completion;
    private final Descriptor descriptor;
    private final int sendBudget;
    private final Resources resources;

    private XdpSender(LinkDescription link, XdpSocket receiver, Resources resources) throws LinuxException {
        this.resources = resources;
        this.completion = receiver.completion;
        descriptor = resources.add(XdpSocket.create());
        try (NativeMemory scratch = NativeMemory.allocate(4096)) {
            LinuxException.check(
                    XdpSocket.set(descriptor, scratch, SOL_XDP, TX_RING, RING_SLOTS), "size AF_XDP ring " + TX_RING);
            if (XdpSocket.set(descriptor, scratch, Libc.SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER_BYTES) < 0) {
                LinuxException.check(
                        XdpSocket.set(descriptor, scratch, Libc.SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES),
                        "setsockopt SO_SNDBUF");
            }
            // Kernels before 6.17 don't know the option and send 32 frames a call.
            boolean obeys = XdpSocket.set(descriptor, scratch, SOL_XDP, MAX_TX_SKB_BUDGET, SEND_BUDGET) >= 0;
            sendBudget = obeys ? SEND_BUDGET : DEFAULT_SEND_BUDGET;
            transmit = resources.add(XdpRing.map(
                    descriptor.number(),
                    PAGE_TX,
                    XdpSocket.layout(descriptor, scratch, TX_LAYOUT),
                    RING_SLOTS,
                    XdpRing.Slot.DESCRIPTOR,
                    "AF_XDP tx ring"));
            XdpSocket.bind(descriptor, link, 0, SHARED_UMEM, receiver.descriptor(), scratch);
        }
    }

    /**
     * Opens a sender in the network namespace of the calling thread.
     *
     * @param link the interface
     * @param receiver the socket of its first queue, which must outlive the sender
     * @return the bound socket, its ring empty
     * @throws LinuxException if the kernel refuses
     */
    static XdpSender open(LinkDescription link, XdpSocket receiver) throws LinuxException {
        Resources resources = new Resources();
        try {
            return new XdpSender(link, receiver, resources);
        } catch (LinuxException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    // Hot path: no allocation, no locks, no logging.

    /** Makes the kernel send what is in the transmit ring, as far as it can now. */
    void kick(int pending) {
        // A call sends at most the budget and then says EAGAIN; it says so too when the completion ring or the send
        // buffer is full, so the number of calls is bounded and the rest waits for the next kick.
        for (int sent = 0; sent < pending; sent += sendBudget) {
            if (Libc.sendto(descriptor.number(), 0, 0, Libc.MSG_DONTWAIT, 0, 0) >= 0) {
                return;
            }
        }
    }

    /** Unbinds the socket; the kernel touches no frame afterwards. */
    @Override
    public void close() {
        resources.close();
    }
}

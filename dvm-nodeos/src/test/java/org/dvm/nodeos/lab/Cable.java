package org.dvm.nodeos.lab;

import org.dvm.nodeos.internal.linux.LinuxLinks;
import org.dvm.nodeos.internal.linux.netlink.Ethtool;
import org.dvm.nodeos.internal.linux.netlink.LinkInfo;
import org.dvm.nodeos.internal.linux.netlink.Rtnetlink;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkException;

/** A virtual Ethernet cable between two namespaces, both ends up and ready to take redirected frames. */
public final class Cable {
    /** Half a minute: the kernel puts queueing disciplines in place when it finds the time. */
    private static final int ATTEMPTS = 6000;

    private static final long RETRY_MILLIS = 5;

    private final LinkDescription left;
    private final LinkDescription right;

    private Cable(LinkDescription left, LinkDescription right) {
        this.left = left;
        this.right = right;
    }

    /**
     * Lays a cable; it goes with either namespace.
     *
     * @param leftNamespace where one end is
     * @param leftName interface name of that end, at most 15 characters
     * @param rightNamespace where the other end is
     * @param rightName interface name of the other end, at most 15 characters
     * @return the cable
     * @throws LinkException if a name is taken or the system refuses
     */
    public static Cable lay(
            NetworkNamespace leftNamespace, String leftName, NetworkNamespace rightNamespace, String rightName) {
        leftNamespace.run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                rtnetlink.createVethPair(leftName, rightName, rightNamespace.descriptor());
            }
        });
        leftNamespace.run(() -> switchOn(leftName));
        rightNamespace.run(() -> switchOn(rightName));
        return new Cable(
                leftNamespace.call(() -> awaitRunning(leftName)), rightNamespace.call(() -> awaitRunning(rightName)));
    }

    private static void switchOn(String name) throws LinuxException {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            rtnetlink.setUp(find(rtnetlink, name).index());
            Ethtool.enableReceiveOffload(name); // counts only on an interface that is up
        }
    }

    private static LinkDescription awaitRunning(String name) throws LinuxException, InterruptedException {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            for (int attempt = 0; !find(rtnetlink, name).isRunning(); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new LinkException("interface did not come up: name=" + name, null);
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
        return LinuxLinks.list().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LinkException("interface has vanished: name=" + name, null));
    }

    private static LinkInfo find(Rtnetlink rtnetlink, String name) throws LinuxException {
        return rtnetlink.link(name).orElseThrow(() -> new LinkException("interface has vanished: name=" + name, null));
    }

    /**
     * Returns the first end.
     *
     * @return its interface
     */
    public LinkDescription left() {
        return left;
    }

    /**
     * Returns the second end.
     *
     * @return its interface
     */
    public LinkDescription right() {
        return right;
    }
}

package org.dvm.nodeos.internal.linux;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.internal.linux.netlink.AddressInfo;
import org.dvm.nodeos.internal.linux.netlink.Ethtool;
import org.dvm.nodeos.internal.linux.netlink.LinkInfo;
import org.dvm.nodeos.internal.linux.netlink.Rtnetlink;
import org.dvm.nodeos.internal.linux.sys.Architecture;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.InterfaceAddress;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkException;

/** The interfaces of this machine, in the network namespace of the calling thread. */
public final class LinuxLinks {
    private static final long BYTES_PER_MILLI_AND_MEGABIT = 125;

    /** What an interface without a speed, such as a tunnel or the loopback, is taken for: 10 Gb/s. */
    private static final int ASSUMED_MEGABITS = 10_000;

    private LinuxLinks() {}

    /**
     * Tells why this process can't use Linux at all, if so.
     *
     * @return the reason, or the empty string
     */
    public static String obstacle() {
        try {
            Architecture.current();
            try (Rtnetlink probe = Rtnetlink.open()) {
                return probe.links().isEmpty() ? "there is no interface" : "";
            }
        } catch (UnsupportedOperationException | LinuxException e) {
            return String.valueOf(e.getMessage());
        } catch (LinkageError e) {
            return "JNA's native library could not be loaded (" + e.getMessage()
                    + "); let java.io.tmpdir be a directory from which libraries may be mapped, and on JDK 25 allow"
                    + " --enable-native-access=com.sun.jna";
        }
    }

    /**
     * Lists the interfaces that are up.
     *
     * @return their descriptions, by index; none where {@link #obstacle} names one
     */
    public static List<LinkDescription> list() {
        if (!obstacle().isEmpty()) {
            return List.of();
        }
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            List<AddressInfo> addresses = rtnetlink.addresses();
            List<LinkDescription> descriptions = new ArrayList<>();
            for (LinkInfo link : rtnetlink.links()) {
                if (link.isUp() && link.mtu() >= LinkDescription.SMALLEST_MTU_BYTES) {
                    descriptions.add(describe(link, addresses));
                }
            }
            return descriptions;
        } catch (LinuxException e) {
            throw new LinkException("interfaces can't be listed: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses memory whose frames can't hold what a link may carry.
     *
     * @param link the link
     * @param memory the memory
     * @throws LinkException if the frames are too small
     */
    public static void requireRoom(LinkDescription link, FrameMemory memory) {
        int needed = FrameMemory.HEADROOM_BYTES
                + HeaderOffsets.ETHERNET_BYTES
                + HeaderOffsets.VLAN_TAG_BYTES
                + link.mtuBytes();
        if (memory.frameBytes() < needed) {
            throw new LinkException(
                    "frames are too small for " + link.name() + "; allot larger ones or lower its MTU: frameBytes="
                            + memory.frameBytes() + ", needed=" + needed,
                    null);
        }
    }

    private static LinkDescription describe(LinkInfo link, List<AddressInfo> addresses) throws LinuxException {
        List<InterfaceAddress> own = addresses.stream()
                .filter(address -> address.interfaceIndex() == link.index())
                .map(address -> new InterfaceAddress(address.address(), address.prefixLength()))
                .toList();
        return new LinkDescription(
                link.name(),
                link.index(),
                link.mac(),
                link.mtu(),
                own,
                Ethtool.speedMegabits(link.name()).orElse(ASSUMED_MEGABITS) * BYTES_PER_MILLI_AND_MEGABIT);
    }
}

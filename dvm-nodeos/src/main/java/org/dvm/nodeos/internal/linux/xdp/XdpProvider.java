package org.dvm.nodeos.internal.linux.xdp;

import java.util.List;
import org.dvm.nodeos.internal.linux.LinuxLinks;
import org.dvm.nodeos.internal.linux.Privileges;
import org.dvm.nodeos.internal.linux.bpf.BpfMap;
import org.dvm.nodeos.internal.linux.sys.Capability;
import org.dvm.nodeos.internal.linux.sys.Descriptor;
import org.dvm.nodeos.internal.linux.sys.Errno;
import org.dvm.nodeos.internal.linux.sys.Libc;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.dvm.nodeos.link.LinkException;

/** Opens links through AF_XDP, the fastest way to user code: frames are shared with the kernel by number. */
public final class XdpProvider implements LinkDriverProvider {
    private static final int PREFERENCE = 300;

    @Override
    public String backEnd() {
        return XdpDriver.NAME;
    }

    @Override
    public int preference() {
        return PREFERENCE;
    }

    @Override
    public List<LinkDescription> links() {
        return LinuxLinks.list();
    }

    @Override
    public Availability availability(LinkDescription link) {
        String obstacle = LinuxLinks.obstacle();
        if (!obstacle.isEmpty()) {
            return Availability.missing(obstacle);
        }
        String missing = Privileges.missing(Capability.CAP_NET_RAW, Capability.CAP_NET_ADMIN, Capability.CAP_BPF);
        if (!missing.isEmpty()) {
            return Availability.missing(missing);
        }
        try {
            Descriptor.own(Libc.socket(Libc.AF_XDP, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0), "socket AF_XDP")
                    .close();
            BpfMap.create(BpfMap.Kind.XDP_SOCKETS, "probe", Integer.BYTES, 1).close();
            return Availability.USABLE;
        } catch (LinuxException e) {
            return Availability.missing(
                    e.is(Errno.EAFNOSUPPORT)
                            ? "the kernel is built without CONFIG_XDP_SOCKETS"
                            : String.valueOf(e.getMessage()));
        }
    }

    @Override
    public LinkDriver open(LinkDescription link, FrameMemory memory) {
        LinuxLinks.requireRoom(link, memory);
        try {
            return XdpDriver.open(link, memory);
        } catch (LinuxException e) {
            throw new LinkException("AF_XDP can't be opened on " + link.name() + ": " + e.getMessage(), e);
        }
    }
}

package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;

/** Opens links through a memory-mapped AF_PACKET ring: needs only the right to raw sockets. */
public final class RingProvider extends PacketProvider {
    private static final int PREFERENCE = 200;

    @Override
    public String backEnd() {
        return RingDriver.NAME;
    }

    @Override
    public int preference() {
        return PREFERENCE;
    }

    @Override
    PacketDriver openDriver(LinkDescription link, FrameMemory memory) throws LinuxException {
        return RingDriver.open(link, memory);
    }
}

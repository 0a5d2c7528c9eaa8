package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;

/** Opens links through plain AF_PACKET sockets: for kernels that have no packet ring to spare. */
public final class MessageProvider extends PacketProvider {
    private static final int PREFERENCE = 100;

    @Override
    public String backEnd() {
        return MessageDriver.NAME;
    }

    @Override
    public int preference() {
        return PREFERENCE;
    }

    @Override
    PacketDriver openDriver(LinkDescription link, FrameMemory memory) throws LinuxException {
        return MessageDriver.open(link, memory);
    }
}

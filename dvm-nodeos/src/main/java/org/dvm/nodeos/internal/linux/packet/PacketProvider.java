package org.dvm.nodeos.internal.linux.packet;

import java.util.ArrayList;
import java.util.List;
import org.dvm.nodeos.internal.linux.LinuxLinks;
import org.dvm.nodeos.internal.linux.Privileges;
import org.dvm.nodeos.internal.linux.sys.Capability;
import org.dvm.nodeos.internal.linux.sys.LinuxException;
import org.dvm.nodeos.link.FrameMemory;
import org.dvm.nodeos.link.LinkDescription;
import org.dvm.nodeos.link.LinkDriver;
import org.dvm.nodeos.link.LinkDriverProvider;
import org.dvm.nodeos.link.LinkException;

/** What the two AF_PACKET providers have in common: who may use them and how they fail. */
abstract class PacketProvider implements LinkDriverProvider {
    @Override
    public final List<LinkDescription> links() {
        return LinuxLinks.list();
    }

    @Override
    public final Availability availability(LinkDescription link) {
        String obstacle = LinuxLinks.obstacle();
        if (obstacle.isEmpty()) {
            obstacle = Privileges.missing(Capability.CAP_NET_RAW);
        }
        return obstacle.isEmpty() ? Availability.USABLE : Availability.missing(obstacle);
    }

    @Override
    public final LinkDriver open(LinkDescription link, FrameMemory memory) {
        LinuxLinks.requireRoom(link, memory);
        try {
            return openDriver(link, memory);
        } catch (LinuxException e) {
            throw new LinkException(backEnd() + " can't be opened on " + link.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public final List<LinkDriver> openGroup(LinkDescription link, FrameMemory memory, int most) {
        LinuxLinks.requireRoom(link, memory);
        List<LinkDriver> drivers = new ArrayList<>();
        try {
            int group = 0;
            for (int i = 0; i < most; i++) {
                PacketDriver driver = openDriver(link, memory);
                drivers.add(driver);
                if (i > 0) {
                    driver.joinFanout(group);
                } else if (most > 1) {
                    group = driver.startFanout();
                }
            }
            return drivers;
        } catch (LinuxException e) {
            drivers.forEach(LinkDriver::close);
            throw new LinkException(
                    backEnd() + " can't be opened " + most + " times on " + link.name() + ": " + e.getMessage(), e);
        }
    }

    abstract PacketDriver openDriver(LinkDescription link, FrameMemory memory) throws LinuxException;
}

package org.dvm.nodeos.internal.linux.xdp;

import org.dvm.nodeos.internal.linux.LinkDriverContract;

class XdpDriverTest extends LinkDriverContract {
    XdpDriverTest() {
        super(new XdpProvider());
    }
}

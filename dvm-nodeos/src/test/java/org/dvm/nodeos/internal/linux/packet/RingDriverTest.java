package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.LinkDriverContract;

class RingDriverTest extends LinkDriverContract {
    RingDriverTest() {
        super(new RingProvider());
    }
}

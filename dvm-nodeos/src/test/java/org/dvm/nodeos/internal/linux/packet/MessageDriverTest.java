package org.dvm.nodeos.internal.linux.packet;

import org.dvm.nodeos.internal.linux.LinkDriverContract;

class MessageDriverTest extends LinkDriverContract {
    MessageDriverTest() {
        super(new MessageProvider());
    }
}

package org.dvm.nodeos.click.internal;

import org.dvm.nodeos.click.RouterContext;
import org.dvm.nodeos.click.RouterDevice;
import org.dvm.nodeos.click.Values;

/** Finds the devices that elements name. */
final class Devices {
    private Devices() {}

    static RouterDevice find(RouterContext context, String name) {
        RouterDevice device = context.device(name);
        if (device == null) {
            throw new IllegalArgumentException("unknown device '" + name + "'");
        }
        return device;
    }

    /** Parses an Ethernet address; the name of a device stands for the device's own. */
    static Long address(RouterContext context, String text) {
        RouterDevice device = context.device(text);
        return device == null ? Values.etherAddress(text) : (Long) device.etherAddress();
    }
}

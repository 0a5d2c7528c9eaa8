package org.dvm.nodeos.link;

import java.net.InetAddress;

/**
 * An Internet address of a link and the prefix of the network behind it.
 *
 * @param address IPv4 or IPv6 address
 * @param prefixLength leading bits that name the network, 0 to 32 or 128
 */
public record InterfaceAddress(InetAddress address, int prefixLength) {
    /** Checks the range. */
    public InterfaceAddress {
        if (prefixLength < 0 || prefixLength > address.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "prefix length does not fit the address: " + address.getHostAddress() + "/" + prefixLength);
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}

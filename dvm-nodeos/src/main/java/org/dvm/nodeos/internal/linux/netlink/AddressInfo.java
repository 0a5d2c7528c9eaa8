package org.dvm.nodeos.internal.linux.netlink;

import java.net.InetAddress;

/**
 * An IP address of an interface.
 *
 * @param interfaceIndex the interface
 * @param address the address
 * @param prefixLength bits of it that name the network
 */
public record AddressInfo(int interfaceIndex, InetAddress address, int prefixLength) {}

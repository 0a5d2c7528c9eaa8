package org.dvm.nodeos.internal.linux.netlink;

import java.net.InetAddress;
import org.dvm.nodeos.link.MacAddress;

/**
 * A neighbour whose Ethernet address the kernel knows.
 *
 * @param interfaceIndex the interface it is behind
 * @param address its IP address
 * @param mac its Ethernet address
 */
public record NeighbourInfo(int interfaceIndex, InetAddress address, MacAddress mac) {}

package org.dvm.nodeos.internal.linux.netlink;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A unicast route of the main table.
 *
 * @param destination network it leads to
 * @param prefixLength bits of the network; 0 for the default route
 * @param gateway next hop, or null if the network is on the link
 * @param interfaceIndex interface it leaves by; 0 if the route has several next hops
 */
public record RouteInfo(
        InetAddress destination, int prefixLength, @Nullable InetAddress gateway, int interfaceIndex) {}

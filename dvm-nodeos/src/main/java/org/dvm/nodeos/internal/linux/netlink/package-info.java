/**
 * Interfaces, addresses, routes and neighbours through rtnetlink(7). Start at {@link
 * org.dvm.nodeos.internal.linux.netlink.Rtnetlink}.
 */
@NullMarked
package org.dvm.nodeos.internal.linux.netlink;

import org.jspecify.annotations.NullMarked;

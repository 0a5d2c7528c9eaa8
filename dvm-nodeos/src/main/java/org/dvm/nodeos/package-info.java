/**
 * Moab: a node operating system of domains, memory pools, thread pools, packet buffers and channels.
 *
 * <p>A {@linkplain org.dvm.nodeos.PacketBuffer packet buffer} is what untrusted code sees of a packet: a revocable
 * wrapper around a frame of the node's memory. A full one is handed out only in exchange for an empty one.
 */
@NullMarked
package org.dvm.nodeos;

import org.jspecify.annotations.NullMarked;

/**
 * What stands between the node and the wires: frames in memory that a driver can own, and the drivers that move them.
 *
 * <p>Start at {@link org.dvm.nodeos.link.LinkDriver}. A driver and the node never copy a frame to one another; they
 * exchange offsets into one {@link org.dvm.nodeos.link.FrameMemory}, in batches ({@link
 * org.dvm.nodeos.link.FrameBatch}). The four calls of a driver are the four rings of AF_XDP; other designs fill the same
 * shape.
 *
 * <p>This package is for trusted code only: back ends and the node. Domains see packets through revocable wrappers,
 * {@link org.dvm.nodeos.PacketBuffer}.
 */
@NullMarked
package org.dvm.nodeos.link;

import org.jspecify.annotations.NullMarked;

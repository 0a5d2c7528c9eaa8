/**
 * The AF_PACKET back ends: a memory-mapped receive ring (TPACKET_V3) with batched sending, and recvmmsg/sendmmsg as the
 * plain fallback. Both are filtered by classic BPF beneath the copy.
 */
@NullMarked
package org.dvm.nodeos.internal.linux.packet;

import org.jspecify.annotations.NullMarked;

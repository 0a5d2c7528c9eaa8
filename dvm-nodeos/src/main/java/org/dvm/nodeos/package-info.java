/** Moab: a node operating system of domains, memory pools, thread pools, packet buffers and channels. */
@org.jspecify.annotations.NullMarked
package org.dvm.nodeos;

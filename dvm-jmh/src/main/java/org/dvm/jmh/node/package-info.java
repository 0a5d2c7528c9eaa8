/** What a node adds to its drivers, in nanoseconds a packet. */
@NullMarked
package org.dvm.jmh.node;

import org.jspecify.annotations.NullMarked;

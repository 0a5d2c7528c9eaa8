/**
 * How fast frames cross a node: Java against C and against the kernel itself, all side by side in one run. Start at {@link
 * org.dvm.jmh.forwarding.ForwardingBenchmark}.
 */
@NullMarked
package org.dvm.jmh.forwarding;

import org.jspecify.annotations.NullMarked;

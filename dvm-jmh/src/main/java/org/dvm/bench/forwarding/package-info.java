/**
 * How fast frames cross a node: Java against C and against the kernel itself, all side by side in one run. Start at {@link
 * org.dvm.bench.forwarding.ForwardingBenchmark}.
 */
@NullMarked
package org.dvm.bench.forwarding;

import org.jspecify.annotations.NullMarked;

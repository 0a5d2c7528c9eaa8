/**
 * A network laboratory on one Linux machine: namespaces joined by virtual Ethernet cables, a frame generator and a
 * counting sink inside the kernel, fast enough not to be what is measured.
 *
 * <p>It is how the back ends are tested and measured, and it serves for trying a node's configuration before it meets a
 * real wire. Everything made here is gone when it is closed or the process ends, however it ends. It needs CAP_SYS_ADMIN,
 * CAP_NET_ADMIN and CAP_BPF: start at {@link org.dvm.nodeos.lab.NetworkNamespace#obstacle()}.
 *
 * <pre>
 *   namespace "source"            namespace "node"              namespace "sink"
 *   +-----------+                 +-----------------+            +---------+
 *   | generator | src0 ===== if0  | what is tested  | if1 ===== snk0 | sink |
 *   +-----------+     cable       +-----------------+    cable   +---------+
 * </pre>
 */
@NullMarked
package org.dvm.nodeos.lab;

import org.jspecify.annotations.NullMarked;

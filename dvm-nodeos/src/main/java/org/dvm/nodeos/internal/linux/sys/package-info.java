/**
 * The operating system as seen by the Linux back ends: libc mapped directly through JNA, native memory, errors with
 * their names, capabilities and network namespaces. Start at {@link org.dvm.nodeos.internal.linux.sys.Libc}.
 */
@NullMarked
package org.dvm.nodeos.internal.linux.sys;

import org.jspecify.annotations.NullMarked;

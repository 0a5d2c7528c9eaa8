/** Tests of the Linux back ends. */
@NullMarked
package org.dvm.nodeos.internal.linux.netlink;

import org.jspecify.annotations.NullMarked;

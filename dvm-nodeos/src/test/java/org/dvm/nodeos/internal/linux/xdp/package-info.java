/** Tests of the Linux back ends. */
@NullMarked
package org.dvm.nodeos.internal.linux.xdp;

import org.jspecify.annotations.NullMarked;

/** Tests of the Linux back ends. */
@NullMarked
package org.dvm.nodeos.internal.linux.packet;

import org.jspecify.annotations.NullMarked;

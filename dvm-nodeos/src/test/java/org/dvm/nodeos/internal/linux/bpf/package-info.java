/** Tests of the Linux back ends. */
@NullMarked
package org.dvm.nodeos.internal.linux.bpf;

import org.jspecify.annotations.NullMarked;

/** The Linux back ends at work, between namespaces that the tests make and remove. */
@NullMarked
package org.dvm.nodeos.internal.linux;

import org.jspecify.annotations.NullMarked;

/** Java agent and embeddable class loader. */
@org.jspecify.annotations.NullMarked
package org.dvm.client;

/** What agent and class loader share. */
@org.jspecify.annotations.NullMarked
package org.dvm.client.internal;

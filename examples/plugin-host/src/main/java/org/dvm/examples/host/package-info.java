/** A shop that runs plugins; it knows nothing of the policy that holds them. */
@org.jspecify.annotations.NullMarked
package org.dvm.examples.host;

/** How verification is done: packed types, the two verifiers, and what is known of other classes. */
@org.jspecify.annotations.NullMarked
package org.dvm.verifier.internal;

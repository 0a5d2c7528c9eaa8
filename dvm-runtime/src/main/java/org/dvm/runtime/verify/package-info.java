/**
 * The dynamic component of verification: decides at link time what the static one had to assume
 * ({@link org.dvm.runtime.verify.LinkChecks}).
 */
@org.jspecify.annotations.NullMarked
package org.dvm.runtime.verify;

/** Access-matrix policy, decision engine and check insertion. */
@org.jspecify.annotations.NullMarked
package org.dvm.security;

/**
 * The static component of the security service: it inserts the checks.
 *
 * <p>{@link org.dvm.security.SecurityService} is found by the name {@code security} and rewrites application code;
 * {@link org.dvm.security.SecurityAgent} guards the JDK of a running JVM as well, and starts the enforcement manager.
 * Policies are read by {@link org.dvm.security.policy.PolicyReader} and answered by
 * {@link org.dvm.security.engine.PolicyEngine}.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.security;

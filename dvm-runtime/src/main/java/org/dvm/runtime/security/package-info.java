/**
 * The dynamic component of the security service: the enforcement manager.
 *
 * <p>Inserted code calls {@link org.dvm.runtime.security.Guard} before an operation takes effect and
 * {@link org.dvm.runtime.security.Subjects} where control enters and leaves code of a restricted subject. The
 * {@link org.dvm.runtime.security.EnforcementManager} answers from a cache stamped with the policy epoch, asks a
 * {@link org.dvm.runtime.security.DecisionSource} on a miss, and denies whenever anything goes wrong.
 *
 * <p>Applications use {@link org.dvm.runtime.security.Privileged} and catch
 * {@link org.dvm.runtime.security.AccessDeniedException}; the rest is for inserted code and for the agent.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.runtime.security;

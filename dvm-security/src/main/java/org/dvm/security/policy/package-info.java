/**
 * The policy: its model ({@link org.dvm.security.policy.Policy}), its XML language
 * ({@link org.dvm.security.policy.PolicyReader}) and the policies that ship with the library
 * ({@link org.dvm.security.policy.StandardPolicies}).
 */
@org.jspecify.annotations.NullMarked
package org.dvm.security.policy;

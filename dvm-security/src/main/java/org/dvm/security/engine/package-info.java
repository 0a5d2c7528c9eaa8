/**
 * The decision engine: {@link org.dvm.security.engine.PolicyEngine} compiles a policy and answers the enforcement
 * manager, explains its answers and tells what a change changes.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.security.engine;

/**
 * The static components of monitoring: filters that insert audit events ({@link org.dvm.monitor.AuditFilter}) and call
 * counts ({@link org.dvm.monitor.ProfileFilter}) into the methods that a {@link org.dvm.monitor.MethodSelector} names.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.monitor;

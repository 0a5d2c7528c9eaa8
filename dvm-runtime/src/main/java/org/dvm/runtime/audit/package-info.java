/**
 * The dynamic component of the audit service: rewritten methods call {@link org.dvm.runtime.audit.Audit} when they are
 * entered and left; events go through a ring buffer to a file of JSON lines, to Flight Recorder, or both.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.runtime.audit;

/** Audit and profile insertion. */
@org.jspecify.annotations.NullMarked
package org.dvm.monitor;

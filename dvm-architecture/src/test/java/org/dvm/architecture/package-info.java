/** Holds what the other modules promise: who needs whom, what is exported, where code may live. */
@org.jspecify.annotations.NullMarked
package org.dvm.architecture;

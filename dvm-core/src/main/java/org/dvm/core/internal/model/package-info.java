/** ProGuardCORE's model of a class, made lazily from its map of bytes. Start at {@link org.dvm.core.internal.model.ModelReader}. */
@org.jspecify.annotations.NullMarked
package org.dvm.core.internal.model;

/** Small tools that several packages of the module share; not exported. */
@org.jspecify.annotations.NullMarked
package org.dvm.core.internal;

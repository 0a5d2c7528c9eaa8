/** The dynamic components of the services: small, without dependencies, safe on the boot class path. */
@org.jspecify.annotations.NullMarked
package org.dvm.runtime;

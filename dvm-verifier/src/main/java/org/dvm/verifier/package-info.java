/** Static verification of class files and the assumptions left for link time. */
@org.jspecify.annotations.NullMarked
package org.dvm.verifier;

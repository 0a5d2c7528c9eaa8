/** Class files put together by hand, also broken ones: {@link org.dvm.testkit.assembly.ClassAssembler}. */
@org.jspecify.annotations.NullMarked
package org.dvm.testkit.assembly;

/** HotSpot itself as the judge of class files: {@link org.dvm.testkit.oracle.HotSpotOracle}. */
@org.jspecify.annotations.NullMarked
package org.dvm.testkit.oracle;

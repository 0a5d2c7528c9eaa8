/** The restricted code of the benchmark: the policy assigns this package to a subject of its own. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.security.guarded;

/** A service that tells about slow calls: static half, dynamic half, and what makes it found by name. */
@org.jspecify.annotations.NullMarked
package org.dvm.examples.filter;

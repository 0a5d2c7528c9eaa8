/** Class-file engine and transformation pipeline: parse once, stacked filters, write once. */
@org.jspecify.annotations.NullMarked
package org.dvm.core;

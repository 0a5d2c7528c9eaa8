/** Findings: what is wrong with an input, where, by which rule, and which error a JVM would raise for it. */
@org.jspecify.annotations.NullMarked
package org.dvm.core.finding;

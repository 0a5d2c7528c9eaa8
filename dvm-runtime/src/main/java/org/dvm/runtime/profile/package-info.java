/**
 * The dynamic component of the profile service: rewritten methods call {@link org.dvm.runtime.profile.Profile}, each
 * thread counts for itself, and the sums are written when the JVM ends.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.runtime.profile;

/** Seeded, reproducible damage to class files: {@link org.dvm.testkit.mutation.Mutator}. */
@org.jspecify.annotations.NullMarked
package org.dvm.testkit.mutation;

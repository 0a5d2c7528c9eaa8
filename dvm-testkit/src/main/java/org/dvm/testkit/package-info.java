/** Fixtures for the tests of the other modules. */
@org.jspecify.annotations.NullMarked
package org.dvm.testkit;

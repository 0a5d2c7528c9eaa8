/** Where tests find JDKs, class-file corpora and forked JVMs. */
@org.jspecify.annotations.NullMarked
package org.dvm.testkit;

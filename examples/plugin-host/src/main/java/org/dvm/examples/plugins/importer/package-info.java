/** A plugin of the example. */
@org.jspecify.annotations.NullMarked
package org.dvm.examples.plugins.importer;

/**
 * What {@code dvm policy check | explain | learn | diff | import} do, without a command line: each returns data.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.security.tool;

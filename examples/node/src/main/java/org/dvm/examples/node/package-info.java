/** Three nodes; each class is a program, and its parts are what the test runs on links in memory. */
@NullMarked
package org.dvm.examples.node;

import org.jspecify.annotations.NullMarked;

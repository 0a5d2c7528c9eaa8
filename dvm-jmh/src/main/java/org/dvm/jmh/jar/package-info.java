/** What rewriting a whole jar costs, from file to file: {@link org.dvm.jmh.jar.JarBench}. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.jar;

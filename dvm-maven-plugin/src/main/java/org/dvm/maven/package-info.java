/**
 * The pipeline in a Maven build: goals {@code rewrite}, {@code verify} and {@code report}.
 *
 * <p>Services are those that stand on the plugin's own class path: add the modules that provide them as dependencies of
 * the plugin.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.maven;

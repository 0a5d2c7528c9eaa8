/**
 * All of the agent that an application can see besides {@code dvm-runtime}: the JVM's entry, and the class loader
 * behind which the rest lives.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.client.boot;

/** What is known of classes by name - from jars, directories and JDK images - without loading them. */
@org.jspecify.annotations.NullMarked
package org.dvm.core.repository;

/**
 * Jars, directories and single class files through a pipeline: start at {@link org.dvm.core.jar.Rewriter}.
 *
 * <p>What an archive holds is trusted as little as the classes in it: names, counts, sizes and nesting are checked
 * against {@link org.dvm.core.jar.Limits} before anything is unpacked, and what is unpacked against what was declared.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.core.jar;

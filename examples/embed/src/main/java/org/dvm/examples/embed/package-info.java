/** The pipeline embedded in a program ({@code EmbedPipeline}) and in a build ({@code RewriteTask}). */
@org.jspecify.annotations.NullMarked
package org.dvm.examples.embed;

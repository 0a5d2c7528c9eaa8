/**
 * The pipeline: filters ({@link org.dvm.core.pipeline.ClassTransformer}) stacked into a
 * {@link org.dvm.core.pipeline.TransformPipeline} that parses a class once and writes it once.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.core.pipeline;

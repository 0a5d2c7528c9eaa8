/**
 * Results of pipelines, kept by content: the key is the SHA-256 of the pipeline's fingerprint and the class file.
 *
 * <p>{@link org.dvm.core.cache.CachedProcessor} puts a cache in front of a pipeline; {@link
 * org.dvm.core.cache.TransformCache} is what keeps the results: {@link org.dvm.core.cache.MemoryCache} within a
 * process, {@link org.dvm.core.cache.DiskCache} among processes and runs, or both in a row.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.core.cache;

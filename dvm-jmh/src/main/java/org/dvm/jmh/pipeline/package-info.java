/** The pipeline around the engine, the cache in front of it, and what the probes cost that it inserts. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.pipeline;

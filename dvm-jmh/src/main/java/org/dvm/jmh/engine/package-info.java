/** The engine against its peers at the same work: {@link org.dvm.jmh.engine.EngineBench}. */
@org.jspecify.annotations.NullMarked
package org.dvm.jmh.engine;

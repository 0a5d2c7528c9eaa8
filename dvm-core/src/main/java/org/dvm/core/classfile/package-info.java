/**
 * Class files: the checked map of the bytes ({@link org.dvm.core.classfile.RawClass}), the format check (phase 1 of
 * verification) and the reader that makes ProGuardCORE's model of a checked class.
 */
@org.jspecify.annotations.NullMarked
package org.dvm.core.classfile;

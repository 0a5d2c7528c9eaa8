package org.dvm.verifier.internal;

import java.util.BitSet;

/**
 * A subroutine that the code is in, and the local variables that it has touched so far.
 *
 * @param entry bci of the subroutine's first instruction
 * @param touched the local variables read or written since; not changed after it became part of a state
 */
record SubroutineMask(int entry, BitSet touched) {
    static final SubroutineMask[] NONE = {};

    SubroutineMask with(BitSet more) {
        BitSet all = (BitSet) touched.clone();
        all.or(more);
        return new SubroutineMask(entry, all);
    }
}

package org.dvm.nodeos;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The pages behind {@link PageBlock}: slabs of 1 MiB, taken from the machine when needed and used again and again. */
final class PageStore {
    static final int SLAB_PAGES = 256;

    /** Memory of {@link #SLAB_PAGES} pages and which of them are used. */
    record Slab(ByteBuffer bytes, BitSet used) {}

    /** Neighbouring pages of one slab. */
    record Run(Slab slab, int firstPage, int pages) {}

    private final List<Slab> slabs = new ArrayList<>();

    synchronized Run take(int pages) {
        for (Slab slab : slabs) {
            int first = firstFit(slab.used, pages);
            if (first >= 0) {
                return take(slab, first, pages);
            }
        }
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(SLAB_PAGES * MemoryPool.PAGE_BYTES).order(ByteOrder.BIG_ENDIAN);
        Slab slab = new Slab(bytes, new BitSet(SLAB_PAGES));
        slabs.add(slab);
        return take(slab, 0, pages);
    }

    private static Run take(Slab slab, int first, int pages) {
        slab.used.set(first, first + pages);
        return new Run(slab, first, pages);
    }

    private static int firstFit(BitSet used, int pages) {
        int first = used.nextClearBit(0);
        while (first + pages <= SLAB_PAGES) {
            int next = used.nextSetBit(first);
            if (next < 0 || next - first >= pages) {
                return first;
            }
            first = used.nextClearBit(next);
        }
        return -1;
    }

    synchronized void give(Run run) {
        run.slab.used.clear(run.firstPage, run.firstPage + run.pages);
    }
}

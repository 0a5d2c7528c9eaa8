package org.dvm.core.edit;

import java.util.Arrays;

/**
 * The handlers of a method that a walk over its instructions hasn't met: says which cover an instruction, each handler
 * once. The time of a whole walk grows with instructions plus handlers, not with their product.
 *
 * <p>A segment tree over the bcis: each handler hangs at the few nodes that make up its range, and the nodes above an
 * instruction are emptied when it is met.
 */
final class CoveringHandlers {
    /** For each node the first of its entries plus 1; the leaves are in the second half. */
    private final int[] firstEntries;
    /** For each entry the next one of its node plus 1, and the bci at which its handler starts. */
    private int[] nextEntries;

    private int[] targets;
    private int entryCount;

    private CoveringHandlers(int[] firstEntries, int[] nextEntries, int[] targets) {
        this.firstEntries = firstEntries;
        this.nextEntries = nextEntries;
        this.targets = targets;
    }

    static CoveringHandlers of(OriginalCode code) {
        int leaves = code.length <= 1 ? 1 : Integer.highestOneBit(code.length - 1) << 1;
        CoveringHandlers handlers = new CoveringHandlers(new int[2 * leaves], new int[16], new int[16]);
        for (int i = 0; i < code.handlerCount(); i++) {
            int at = code.handler(i);
            int from = Bytecode.u2(code.bytes, at);
            int to = Math.min(Bytecode.u2(code.bytes, at + 2), code.length);
            int target = Bytecode.u2(code.bytes, at + 4);
            if (target >= code.length) {
                throw DoesNotFit.malformed("an exception handler starts beyond the code", target);
            }
            handlers.add(from, to, target);
        }
        return handlers;
    }

    /** Returns the same handlers for another walk. */
    CoveringHandlers forAnotherWalk() {
        return new CoveringHandlers(firstEntries.clone(), nextEntries, targets);
    }

    private void add(int from, int to, int target) {
        int left = from + firstEntries.length / 2;
        int right = to + firstEntries.length / 2;
        while (left < right) {
            if ((left & 1) != 0) {
                addAt(left++, target);
            }
            if ((right & 1) != 0) {
                addAt(--right, target);
            }
            left >>= 1;
            right >>= 1;
        }
    }

    private void addAt(int node, int target) {
        if (entryCount == targets.length) {
            targets = Arrays.copyOf(targets, 2 * entryCount);
            nextEntries = Arrays.copyOf(nextEntries, 2 * entryCount);
        }
        targets[entryCount] = target;
        nextEntries[entryCount] = firstEntries[node];
        firstEntries[node] = ++entryCount;
    }

    /** Returns where a handler starts that covers the instruction and wasn't returned before; -1 if there is none. */
    int next(int bci) {
        for (int node = bci + firstEntries.length / 2; node > 0; node >>= 1) {
            int entry = firstEntries[node] - 1;
            if (entry >= 0) {
                firstEntries[node] = nextEntries[entry];
                return targets[entry];
            }
        }
        return -1;
    }
}

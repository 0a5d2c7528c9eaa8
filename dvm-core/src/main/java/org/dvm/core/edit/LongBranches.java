package org.dvm.core.edit;

import org.jspecify.annotations.Nullable;

/** Sees to it that every branch of a method that grows past 32 KB reaches its target: by wide jumps and islands. */
final class LongBranches {
    private static final int MAX_ROUNDS = 200;
    private static final int WIDE_JUMP = 5;

    private final OriginalCode code;
    private final PlacedSnippets snippets;
    private final CodeMap map;
    private final Islands islands;

    LongBranches(OriginalCode code, PlacedSnippets snippets, CodeMap map, Islands islands) {
        this.code = code;
        this.snippets = snippets;
        this.map = map;
        this.islands = islands;
    }

    /**
     * Widens jumps and adds islands until every branch reaches its target.
     *
     * @param flow where {@code this} is initialized, in constructors where that matters
     * @return the length of the code with its islands
     */
    int reach(@Nullable ConstructorFlow flow) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int end = islands.place(map, snippets.backEdge.length, WIDE_JUMP);
            if (end > 4 * CodeSplicer.MAX_CODE) {
                throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "code of " + end + " bytes exceeds 65535");
            }
            boolean changed = false;
            for (int event = 0; event < map.count(); event++) {
                int kind = map.kind(event);
                if (kind == Bytecode.JUMP || kind == Bytecode.CONDITIONAL) {
                    changed |= lengthenIfNeeded(event, kind);
                }
            }
            if (!changed) {
                checkPlaces(flow);
                return end;
            }
        }
        throw DoesNotFit.of(EditRule.BRANCH_TOO_FAR, "no arrangement of islands found");
    }

    /** Refuses islands among covered code for branches that have {@code this} uninitialized. */
    private void checkPlaces(@Nullable ConstructorFlow flow) {
        if (flow == null || !snippets.catchesAll()) {
            return;
        }
        for (int i = 0; i < islands.count(); i++) {
            if (islands.place(i) != Islands.AT_END && !flow.isInitialized(islands.target(i))) {
                throw DoesNotFit.of(
                        EditRule.BRANCH_TOO_FAR, "a branch before super() reaches too far: bci " + islands.target(i));
            }
        }
    }

    private boolean lengthenIfNeeded(int event, int kind) {
        int flags = map.flags[event];
        if ((flags & CodeMap.WIDENED) != 0) {
            return false;
        }
        int from = map.instructionOf(event);
        int target = code.target(map.bci[event]);
        boolean toIsland = (flags & CodeMap.TO_ISLAND) != 0;
        boolean inverted = (flags & CodeMap.INVERTED) != 0;
        int to = toIsland ? islands.position(map.operand[event]) : map.label(target);
        int inside = (flags & CodeMap.BACK_EDGE) != 0 ? snippets.backEdge.length : 0;
        int source = inverted ? from + 3 + inside : from;
        if (Math.abs(to - source) <= CodeSplicer.MAX_NEAR) {
            return false;
        }
        if (kind == Bytecode.JUMP) {
            map.flags[event] |= CodeMap.WIDENED;
            map.growth[event] += 2;
        } else if (!code.usesFrames()) {
            map.growth[event] += inverted ? 2 : 5;
            map.flags[event] |= CodeMap.INVERTED | CodeMap.WIDENED;
        } else {
            boolean backEdge = toIsland && islands.isBackEdge(map.operand[event]);
            map.flags[event] |= CodeMap.TO_ISLAND;
            map.operand[event] = islands.within(map, from, event, target, backEdge);
        }
        return true;
    }
}

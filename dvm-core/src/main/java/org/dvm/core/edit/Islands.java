package org.dvm.core.edit;

import java.util.Arrays;

/**
 * Pieces of code on the way of a branch: they hold what runs on a back-edge, or take a conditional branch further than
 * it can reach. An island starts in the state of the branch's target, so its frame is a copy of that one.
 */
final class Islands {
    /** The place behind the method's code. */
    static final int AT_END = -1;

    /** Places nearer than this are in reach whatever is still inserted on the way. */
    private static final int SAFE_DISTANCE = 30_000;

    private int count;
    private int[] targets = new int[8];
    private int[] places = new int[8];
    private boolean[] backEdges = new boolean[8];
    private int[] positions = new int[8];
    /** For each bci the number plus 1 of the island behind the code for back-edges to it. */
    private int[] backEdgeIslands = {};

    private int endLength;

    void reset() {
        for (int i = 0; i < count; i++) {
            if (targets[i] < backEdgeIslands.length) {
                backEdgeIslands[targets[i]] = 0;
            }
        }
        count = 0;
        endLength = 0;
        if (backEdgeIslands.length > 1 << 17) {
            backEdgeIslands = new int[0];
        }
    }

    int count() {
        return count;
    }

    int target(int island) {
        return targets[island];
    }

    int place(int island) {
        return places[island];
    }

    boolean isBackEdge(int island) {
        return backEdges[island];
    }

    int position(int island) {
        return positions[island];
    }

    /** Returns the bytes of the islands behind the code. */
    int endLength() {
        return endLength;
    }

    /** Returns the island behind the code for back-edges to that bci; made if needed. */
    int ofBackEdge(int target, int codeLength) {
        if (backEdgeIslands.length < codeLength) {
            backEdgeIslands = Arrays.copyOf(backEdgeIslands, Math.max(codeLength, 4096));
        }
        if (backEdgeIslands[target] == 0) {
            backEdgeIslands[target] = add(target, AT_END, true) + 1;
        }
        return backEdgeIslands[target] - 1;
    }

    private int add(int target, int place, boolean backEdge) {
        if (count == targets.length) {
            targets = Arrays.copyOf(targets, 2 * count);
            places = Arrays.copyOf(places, 2 * count);
            backEdges = Arrays.copyOf(backEdges, 2 * count);
            positions = Arrays.copyOf(positions, 2 * count);
        }
        targets[count] = target;
        places[count] = place;
        backEdges[count] = backEdge;
        return count++;
    }

    /** Gives every island its position, behind the code or before its event's label, and returns where all ends. */
    int place(CodeMap map, int backEdgeLength, int jumpLength) {
        for (int event = 0; event < map.count() && count > 0; event++) {
            map.islandLength[event] = (map.flags[event] & CodeMap.HOP) != 0 ? 3 : 0;
        }
        for (int i = 0; i < count; i++) {
            int event = places[i];
            if (event != AT_END) {
                if (map.islandLength[event] == 0 && (map.flags[event] & CodeMap.FALLS_INTO) != 0) {
                    map.islandLength[event] = 3;
                }
                positions[i] = map.islandLength[event];
                map.islandLength[event] += length(i, backEdgeLength, jumpLength);
            }
        }
        map.computePositions();
        int end = map.newLength();
        for (int i = 0; i < count; i++) {
            if (places[i] == AT_END) {
                positions[i] = end;
                end += length(i, backEdgeLength, jumpLength);
            } else {
                positions[i] += map.islandsOf(places[i]);
            }
        }
        endLength = end - map.newLength();
        return end;
    }

    private int length(int island, int backEdgeLength, int jumpLength) {
        return (backEdges[island] ? backEdgeLength : 0) + jumpLength;
    }

    /**
     * Returns an island within reach of a branch, made if needed.
     *
     * @param from position of the branch
     * @param event number of the branch's event
     * @throws DoesNotFit if there is no place for one
     */
    int within(CodeMap map, int from, int event, int target, boolean backEdge) {
        for (int i = 0; i < count; i++) {
            if (targets[i] == target && backEdges[i] == backEdge && Math.abs(positions[i] - from) < SAFE_DISTANCE) {
                return i;
            }
        }
        int place = nearestPlace(map, from, event, CodeMap.FREE_PLACE);
        if (place < 0) {
            place = nearestPlace(map, from, event, CodeMap.FREE_PLACE | CodeMap.FALLS_INTO);
        }
        if (place < 0) {
            throw DoesNotFit.of(
                    EditRule.BRANCH_TOO_FAR, "no place for an island near the branch at bci " + map.bci[event]);
        }
        int island = add(target, place, backEdge);
        positions[island] = map.islandsOf(place);
        return island;
    }

    private static int nearestPlace(CodeMap map, int from, int event, int wanted) {
        for (int distance = 0; distance < map.count(); distance++) {
            boolean inReach = false;
            for (int place = event - distance; place <= event + distance; place += Math.max(1, 2 * distance)) {
                if (place >= 0 && place < map.count() && Math.abs(map.islandsOf(place) - from) < SAFE_DISTANCE) {
                    inReach = true;
                    int flags = map.flags[place] & (CodeMap.FREE_PLACE | CodeMap.FALLS_INTO);
                    if (flags == wanted) {
                        return place;
                    }
                }
            }
            if (!inReach) {
                return -1;
            }
        }
        return -1;
    }
}

package org.dvm.core.edit;

import java.util.Arrays;

/**
 * Where the instructions of a method's original code stand in the new code: the two maps that the tables of a method
 * are shifted by.
 *
 * <p>The <em>label</em> of a bci is where branches, exception ranges, line numbers and frames point: a branch to an
 * instruction shall run what is inserted before it. The <em>instruction</em> stands behind that: the {@code new} that a
 * frame's {@code uninitialized} entry or a type annotation refers to is the instruction itself.
 */
final class Positions {
    private int codeLength;
    /** For each bci and the end of the code by how much a branch to it moves; so that a look-up takes no search. */
    private int[] shifts = new int[256];

    private int filled;

    // The bcis at which something stands between label and instruction, ascending, and how much.
    private int gapCount;
    private int[] gapBcis = new int[16];
    private int[] gapLengths = new int[16];

    /** Starts with code of that length. */
    void start(int codeLength) {
        this.codeLength = codeLength;
        filled = 0;
        gapCount = 0;
        if (shifts.length <= codeLength) {
            shifts = new int[Math.max(codeLength + 1, 2 * shifts.length)];
        }
    }

    /**
     * Notes what stands at one bci; they must ascend.
     *
     * @param before by how much the bcis since the last one noted are moved
     * @param label by how much the label of this bci is moved
     * @param gap how much stands between the label and the instruction
     */
    void add(int bci, int before, int label, int gap) {
        int[] shifts = this.shifts;
        for (int i = filled; i < bci; i++) {
            shifts[i] = before;
        }
        shifts[bci] = label;
        filled = bci + 1;
        if (gap > 0) {
            addGap(bci, gap);
        }
    }

    private void addGap(int bci, int gap) {
        if (gapCount == gapBcis.length) {
            gapBcis = Arrays.copyOf(gapBcis, 2 * gapCount);
            gapLengths = Arrays.copyOf(gapLengths, 2 * gapCount);
        }
        gapBcis[gapCount] = bci;
        gapLengths[gapCount++] = gap;
    }

    /** Ends with the bcis since the last one noted, and the end of the code, moved by so much. */
    void finish(int shift) {
        Arrays.fill(shifts, filled, codeLength + 1, shift);
    }

    int codeLength() {
        return codeLength;
    }

    /** Returns, for each bci and the end of the code, by how much a branch to it moves; valid until the next start. */
    int[] shifts() {
        return shifts;
    }

    /** Returns where a branch to that bci goes; for the end of the code the end of the new code. */
    int label(int bci) {
        return bci + shifts[bci];
    }

    /** Returns where the instruction of that bci itself stands. */
    int instruction(int bci) {
        int gap = Arrays.binarySearch(gapBcis, 0, gapCount, bci);
        return label(bci) + (gap < 0 ? 0 : gapLengths[gap]);
    }
}

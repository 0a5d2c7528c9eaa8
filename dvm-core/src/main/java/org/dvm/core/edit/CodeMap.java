package org.dvm.core.edit;

import java.util.Arrays;

/**
 * Where the instructions of a method's original code stand in the new code.
 *
 * <p>The code is cut at events: bcis at which something is inserted or an instruction changes its length. At an event
 * the new code has, in this order,
 *
 * <pre>
 *   [ pre ][ handler ][ at ][ shared ] instruction
 *   ^      ^          ^               ^
 *   |      |          |               +- instruction(bci): what an `uninitialized` frame entry or annotation means
 *   |      |          +- label(bci): where branches, exception ranges, line numbers and frames point
 *   |      +- handlerLabel(bci): where the exception table's handler_pc points
 *   +- reached only by falling through from the instruction before
 * </pre>
 *
 * <p>Labels and instructions are different maps ({@link Positions}). Between events both are the bci plus a prefix sum.
 *
 * <p>A branch at which nothing is inserted and that keeps its length is no event: it is only noted, and its offset set
 * once the code is written.
 */
final class CodeMap {
    // Flags of an event, above the instruction's kind.
    /** An exception handler starts here and has snippets. */
    static final int HANDLER = 1 << 4;
    /** The handler is also reached by falling through, which jumps over the snippets. */
    static final int HOP = 1 << 5;
    /** A return with exit snippets before it. */
    static final int EXIT = 1 << 6;
    /** A branch with back-edge snippets before it, or, if inverted, in it. */
    static final int BACK_EDGE = 1 << 7;
    /** The instruction is replaced by a call with the operand given. */
    static final int REPLACED = 1 << 8;
    /** The instruction's operand is replaced. */
    static final int PATCHED = 1 << 9;
    /** The branch goes to the island given by the operand. */
    static final int TO_ISLAND = 1 << 10;
    /** The jump becomes a wide one. */
    static final int WIDENED = 1 << 11;
    /** The condition is inverted and jumps over a goto; only where no frame is needed. */
    static final int INVERTED = 1 << 12;
    /** Islands may stand before this event. */
    static final int FREE_PLACE = 1 << 13;
    /** The event is reached by falling through, so that islands before it are jumped over. */
    static final int FALLS_INTO = 1 << 14;

    private int count;
    private int codeLength;
    private int newLength;

    int[] bci = new int[64];
    /** Kind of the instruction ({@link Bytecode}) in the lower four bits, flags above. */
    int[] flags = new int[64];
    /** Offset and length, in the snippets' buffer, of what is inserted before the label. */
    int[] preOffset = new int[64];

    int[] preLength = new int[64];
    /** Length of hop and islands that stand behind {@code pre}. */
    int[] islandLength = new int[64];

    int[] handlerLength = new int[64];
    /** Offset and length, in the snippets' buffer, of what is inserted between the label and the instruction. */
    int[] atOffset = new int[64];

    int[] atLength = new int[64];
    /** Length of what stands in between and is the same for many instructions: exits and back-edges. */
    int[] sharedLength = new int[64];
    /** By how much the instruction itself grows. */
    int[] growth = new int[64];
    /** What replaces the instruction's operand, or the island to which it branches, or -1. */
    int[] operand = new int[64];

    private int branchCount;
    private int[] branches = new int[64];

    private final Positions positions = new Positions();
    private int[] labelShift = new int[64];
    private int[] instructionShift = new int[64];

    void reset(int codeLength) {
        this.codeLength = codeLength;
        count = 0;
        branchCount = 0;
    }

    int count() {
        return count;
    }

    int kind(int event) {
        return flags[event] & 15;
    }

    /** Notes a branch that is no event. */
    void addBranch(int at) {
        if (branchCount == branches.length) {
            branches = Arrays.copyOf(branches, 2 * branchCount);
        }
        branches[branchCount++] = at;
    }

    int branchCount() {
        return branchCount;
    }

    /** Returns the bci of a branch that is no event. */
    int branch(int index) {
        return branches[index];
    }

    /** Adds an event; bcis must ascend. */
    int add(int at, int eventFlags) {
        int event = count;
        if (event == bci.length) {
            grow();
        }
        bci[event] = at;
        flags[event] = eventFlags;
        preLength[event] = 0;
        islandLength[event] = 0;
        handlerLength[event] = 0;
        atLength[event] = 0;
        sharedLength[event] = 0;
        growth[event] = 0;
        operand[event] = -1;
        count = event + 1;
        return event;
    }

    private void grow() {
        int length = 2 * bci.length;
        bci = Arrays.copyOf(bci, length);
        flags = Arrays.copyOf(flags, length);
        preOffset = Arrays.copyOf(preOffset, length);
        preLength = Arrays.copyOf(preLength, length);
        islandLength = Arrays.copyOf(islandLength, length);
        handlerLength = Arrays.copyOf(handlerLength, length);
        atOffset = Arrays.copyOf(atOffset, length);
        atLength = Arrays.copyOf(atLength, length);
        sharedLength = Arrays.copyOf(sharedLength, length);
        growth = Arrays.copyOf(growth, length);
        operand = Arrays.copyOf(operand, length);
        labelShift = Arrays.copyOf(labelShift, length);
        instructionShift = Arrays.copyOf(instructionShift, length);
    }

    /** Computes all positions; the padding of switches follows from where they come to stand. */
    void computePositions() {
        positions.start(codeLength);
        int shift = 0;
        for (int event = 0; event < count; event++) {
            int at = bci[event];
            int label = shift + preLength[event] + islandLength[event] + handlerLength[event];
            int gap = atLength[event] + sharedLength[event];
            positions.add(at, shift, label, gap);
            labelShift[event] = label;
            instructionShift[event] = label + gap;
            int kind = flags[event] & 15;
            if (kind == Bytecode.TABLE_SWITCH || kind == Bytecode.LOOKUP_SWITCH) {
                growth[event] = (3 - (at + label + gap & 3)) - (3 - (at & 3));
            }
            shift = label + gap + growth[event];
        }
        positions.finish(shift);
        newLength = codeLength + shift;
    }

    /** Returns the length of the new code, without what is appended behind it. */
    int newLength() {
        return newLength;
    }

    /** Returns where labels and instructions come to stand; valid until the next positions are computed. */
    Positions positions() {
        return positions;
    }

    /** Returns where a branch to that bci goes; for the end of the code the end of the new code. */
    int label(int at) {
        if (at > codeLength) {
            throw DoesNotFit.malformed("a table points beyond the code", at);
        }
        return positions.label(at);
    }

    /** Returns where the instruction of that bci itself stands. */
    int instruction(int at) {
        if (at > codeLength) {
            throw DoesNotFit.malformed("a table points beyond the code", at);
        }
        return positions.instruction(at);
    }

    int labelOf(int event) {
        return bci[event] + labelShift[event];
    }

    int instructionOf(int event) {
        return bci[event] + instructionShift[event];
    }

    /** Returns where the handler of that bci starts: its own snippets included. */
    int handlerLabel(int at) {
        int event = floor(at);
        return label(at) - (event >= 0 && bci[event] == at ? handlerLength[event] : 0);
    }

    /** Returns the first event at or after that bci; the number of events if there is none. */
    int firstFrom(int at) {
        return floor(at - 1) + 1;
    }

    /** Returns where islands that stand before that event's label begin. */
    int islandsOf(int event) {
        return labelOf(event) - handlerLength[event] - islandLength[event];
    }

    /** Returns where an exception range that ends before that bci ends. */
    int rangeEnd(int at) {
        int event = floor(at);
        return event >= 0 && bci[event] == at ? islandsOf(event) : label(at);
    }

    /** Returns the last event at or before that bci, or -1. */
    private int floor(int at) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (bci[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}

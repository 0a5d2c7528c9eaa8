package org.dvm.core.edit;

import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.MethodEdits.CallReplacement;
import org.jspecify.annotations.Nullable;

/**
 * The one walk over a method's instructions: finds where something is inserted and which instructions must change, and
 * compiles the snippets of single instructions on the way.
 */
final class CodeScan {
    /** How far branches must be thought to reach. */
    enum Reach {
        /** All of the new code: no branch changes its length. */
        NEAR,
        /** Not all of it: every branch is an event, and places for islands are looked for. */
        FAR
    }

    private static final int NOWHERE = Integer.MAX_VALUE;

    private final OriginalCode code;
    private final MethodPlan plan;
    private final PlacedSnippets snippets;
    private final CodeMap map;
    private final Islands islands;
    private final FrameReader frames;
    private final Constants constants;

    // The method at hand.
    private byte[] bytes = {};
    private int start;
    private int length;
    private @Nullable ConstructorFlow flow;
    private @Nullable String newSuperclass;
    private boolean stopsAtSuperCalls;
    private boolean branchesAreEvents;
    private int backEdgeLength;
    private int exitLength;
    private int[] handlers = {};
    private int handlerCount;

    // How far the scan has come: next item of the plan, next handler, next super() call, and whether frames are left.
    private int itemCursor;
    private int handlerCursor;
    private int superCallCursor;
    private boolean placesLeft;
    /** What stands before the next event's label: offset in the snippets' buffer, or -1 if nothing. */
    private int preOffset;

    CodeScan(
            OriginalCode code,
            MethodPlan plan,
            PlacedSnippets snippets,
            CodeMap map,
            Islands islands,
            FrameReader frames,
            Constants constants) {
        this.code = code;
        this.plan = plan;
        this.snippets = snippets;
        this.map = map;
        this.islands = islands;
        this.frames = frames;
        this.constants = constants;
    }

    /**
     * Finds all events.
     *
     * @param flow where {@code this} is initialized, in constructors where that matters
     * @param newSuperclass the class whose constructor {@code super()} calls from now on, or null
     */
    void scan(@Nullable ConstructorFlow flow, @Nullable String newSuperclass, Reach reach) {
        this.flow = flow;
        this.newSuperclass = newSuperclass;
        bytes = code.bytes;
        start = code.start;
        length = code.length;
        map.reset(length);
        backEdgeLength = snippets.backEdge.length;
        exitLength = snippets.exit.length;
        stopsAtSuperCalls = flow != null && (!snippets.initialized.isEmpty() || newSuperclass != null);
        branchesAreEvents = reach == Reach.FAR;
        handlerCount = snippets.handler.isEmpty() ? 0 : code.handlerCount();
        if (handlerCount > 0) {
            handlers = code.sortedHandlers();
        }
        itemCursor = 0;
        handlerCursor = 0;
        superCallCursor = 0;
        preOffset = -1;
        placesLeft = reach == Reach.FAR && code.usesFrames();
        if (placesLeft) {
            frames.start(code.method());
            placesLeft = frames.next();
        }
        walk();
    }

    private void walk() {
        byte[] bytes = this.bytes;
        int start = this.start;
        int length = this.length;
        byte[] infos = Bytecode.INFO;
        int nextStop = snippets.entry.isEmpty() ? nextStop(0) : 0;
        int lastOpcode = Bytecode.GOTO;
        int bci = 0;
        // Hot path: no allocation. Most instructions pass by the first test.
        while (bci < length) {
            int opcode = bytes[start + bci] & 0xff;
            int info = infos[opcode];
            if ((info - 1 & 0xff) < 15 && bci < nextStop) { // plain, and not of variable length
                lastOpcode = opcode;
                bci += info;
                continue;
            }
            int kind = (info & 0xff) >> 4;
            int instructionLength = (info & 15) != 0 ? info & 15 : Bytecode.length(bytes, start, bci, length);
            if (bci < nextStop) {
                noteInstruction(bci, kind, instructionLength);
            } else {
                checkOnInstruction(bci, nextStop);
                int event = addEventWithInsertions(bci, opcode, kind, lastOpcode, instructionLength);
                noteInEvent(event, bci, kind, instructionLength);
                nextStop = preOffset >= 0 ? bci + instructionLength : nextStop(bci + 1);
            }
            lastOpcode = opcode;
            bci += instructionLength;
        }
        if (bci != length) {
            throw DoesNotFit.malformed("the last instruction reaches beyond the code", length);
        }
        if (nextStop < length) {
            checkOnInstruction(bci, nextStop);
        }
    }

    private int nextStop(int from) {
        int stop = itemCursor < plan.itemCount() ? plan.itemBci(itemCursor) : NOWHERE;
        while (handlerCursor < handlerCount && handlers[handlerCursor] < from) {
            handlerCursor++;
        }
        if (handlerCursor < handlerCount) {
            stop = Math.min(stop, handlers[handlerCursor]);
        }
        ConstructorFlow flow = this.flow;
        if (stopsAtSuperCalls && flow != null && superCallCursor < flow.superCallCount()) {
            stop = Math.min(stop, flow.superCall(superCallCursor));
        }
        if (placesLeft) {
            stop = Math.min(stop, nextPlace(from));
        }
        return stop;
    }

    private static void checkOnInstruction(int bci, int stop) {
        if (bci != stop) {
            throw new IllegalArgumentException("no instruction starts there: bci=" + stop);
        }
    }

    // ---- instructions with insertions ----

    private int addEventWithInsertions(int bci, int opcode, int kind, int lastOpcode, int instructionLength) {
        int event = map.add(bci, kind);
        if (bci == 0 && !snippets.entry.isEmpty()) {
            map.preOffset[event] = snippets.entry.offset;
            map.preLength[event] = snippets.entry.length;
        } else if (preOffset >= 0) {
            map.preOffset[event] = preOffset;
            map.preLength[event] = snippets.size() - preOffset;
        }
        preOffset = -1;
        if (handlerCursor < handlerCount || placesLeft) {
            markHandlerOrPlace(bci, event, bci == 0 || Bytecode.fallsThrough(lastOpcode));
        }
        compileBefore(bci, event);
        if (isItemAt(bci) || stopsAtSuperCalls) {
            replaceCalls(bci, event, opcode);
            compileAfter(bci, event, opcode, instructionLength);
        }
        return event;
    }

    private void markHandlerOrPlace(int bci, int event, boolean fallsInto) {
        while (handlerCursor < handlerCount && handlers[handlerCursor] < bci) {
            handlerCursor++;
        }
        if (handlerCursor < handlerCount && handlers[handlerCursor] == bci) {
            map.flags[event] |= CodeMap.HANDLER | (fallsInto ? CodeMap.HOP : 0);
            map.handlerLength[event] = snippets.handler.length;
            map.islandLength[event] = fallsInto ? 3 : 0;
        }
        if (placesLeft && bci > 0) {
            markPlace(event, bci, fallsInto);
        }
    }

    private void compileBefore(int bci, int event) {
        int from = itemCursor;
        while (isItemAt(bci) && plan.itemPhase(itemCursor) == MethodPlan.BEFORE) {
            itemCursor++;
        }
        if (itemCursor > from) {
            PlacedSnippets.Piece piece = snippets.compileBefore(code, from, itemCursor, bci);
            map.atOffset[event] = piece.offset;
            map.atLength[event] = piece.length;
        }
    }

    private boolean isItemAt(int bci) {
        return itemCursor < plan.itemCount() && plan.itemBci(itemCursor) == bci;
    }

    private void replaceCalls(int bci, int event, int opcode) {
        while (isItemAt(bci) && plan.itemPhase(itemCursor) == MethodPlan.REPLACE) {
            CallReplacement replacement = plan.replacement(itemCursor++);
            if ((map.flags[event] & CodeMap.REPLACED) != 0) {
                throw DoesNotFit.of(EditRule.CONFLICT, "two filters replace the call at bci " + bci);
            }
            map.flags[event] |= CodeMap.REPLACED;
            map.operand[event] = constants.member(RawClass.METHOD_REF, replacement.method());
            map.growth[event] = opcode == Bytecode.INVOKEINTERFACE ? -2 : 0;
        }
    }

    /** Compiles what stands behind the instruction; it belongs to the next event. */
    private void compileAfter(int bci, int event, int opcode, int instructionLength) {
        int offset = snippets.size();
        boolean fallsThrough = Bytecode.fallsThrough(opcode) && bci + instructionLength < length;
        ConstructorFlow flow = this.flow;
        if (stopsAtSuperCalls
                && flow != null
                && superCallCursor < flow.superCallCount()
                && flow.superCall(superCallCursor) == bci) {
            superCallCursor++;
            patchSuperCall(event, bci);
            snippets.appendInitialized();
        }
        while (isItemAt(bci)) {
            int item = itemCursor++;
            if (fallsThrough) {
                snippets.compileAfter(code, item, bci);
            }
        }
        if (snippets.size() > offset) {
            preOffset = offset;
        }
    }

    private void patchSuperCall(int event, int bci) {
        String superclass = newSuperclass;
        if (superclass == null) {
            return;
        }
        RawClass raw = code.raw();
        int reference = raw.constantOffset(raw.u2(start + bci + 1));
        if (raw.name(raw.u2(reference + 1)).equals(raw.superName())) {
            CallSite site = CallSite.at(raw, start + bci);
            map.flags[event] |= CodeMap.PATCHED;
            map.operand[event] = constants.member(
                    RawClass.METHOD_REF, StaticMember.method(superclass, site.name(), site.descriptor()));
        }
    }

    // ---- instructions that change ----

    /** Notes an instruction at which nothing is inserted that only this instruction asks for. */
    private void noteInstruction(int bci, int kind, int instructionLength) {
        switch (kind) {
            case Bytecode.CONDITIONAL, Bytecode.JUMP, Bytecode.JUMP_WIDE -> {
                int target = kind == Bytecode.JUMP_WIDE ? code.wideTarget(bci) : code.target(bci);
                if (branchesAreEvents || backEdgeLength > 0 && target <= bci) {
                    noteBranch(map.add(bci, kind), bci, kind, target);
                } else {
                    checkTarget(target, bci);
                    map.addBranch(bci);
                }
            }
            case Bytecode.TABLE_SWITCH, Bytecode.LOOKUP_SWITCH ->
                noteSwitch(map.add(bci, kind), bci, instructionLength);
            case Bytecode.RETURNING -> {
                if (exitLength > 0) {
                    noteExit(map.add(bci, kind));
                }
            }
            default -> {
                // it stays as it is
            }
        }
    }

    /** Notes an instruction that has its event already. */
    private void noteInEvent(int event, int bci, int kind, int instructionLength) {
        switch (kind) {
            case Bytecode.CONDITIONAL, Bytecode.JUMP -> noteBranch(event, bci, kind, code.target(bci));
            case Bytecode.JUMP_WIDE -> noteBranch(event, bci, kind, code.wideTarget(bci));
            case Bytecode.TABLE_SWITCH, Bytecode.LOOKUP_SWITCH -> noteSwitch(event, bci, instructionLength);
            case Bytecode.RETURNING -> noteExit(event);
            default -> {
                // it stays as it is
            }
        }
    }

    private void noteExit(int event) {
        if (exitLength > 0) {
            map.flags[event] |= CodeMap.EXIT;
            map.sharedLength[event] = exitLength;
        }
    }

    private void noteBranch(int event, int bci, int kind, int target) {
        checkTarget(target, bci);
        if (backEdgeLength > 0 && target <= bci) {
            if (kind != Bytecode.CONDITIONAL) {
                map.flags[event] |= CodeMap.BACK_EDGE;
                map.sharedLength[event] = backEdgeLength;
            } else if (code.usesFrames()) {
                map.flags[event] |= CodeMap.TO_ISLAND;
                map.operand[event] = islands.ofBackEdge(target, length);
            } else {
                map.flags[event] |= CodeMap.INVERTED | CodeMap.BACK_EDGE;
                map.growth[event] = backEdgeLength + 3;
            }
        }
    }

    private void noteSwitch(int event, int bci, int instructionLength) {
        int operands = start + bci + 4 - (bci & 3);
        int step = map.kind(event) == Bytecode.TABLE_SWITCH ? 4 : 8;
        noteSwitchTarget(event, bci, bci + Bytecode.s4(bytes, operands));
        for (int at = operands + 12; at < start + bci + instructionLength; at += step) {
            noteSwitchTarget(event, bci, bci + Bytecode.s4(bytes, at));
        }
    }

    private void noteSwitchTarget(int event, int bci, int target) {
        checkTarget(target, bci);
        if (backEdgeLength > 0 && target <= bci) {
            map.flags[event] |= CodeMap.TO_ISLAND;
            int unused = islands.ofBackEdge(target, length);
        }
    }

    private void checkTarget(int target, int bci) {
        if (target < 0 || target >= length) {
            throw DoesNotFit.malformed("a branch leaves the code", bci);
        }
    }

    // ---- places for islands ----

    /** Returns the next bci at or after that one where a frame stands: only there can islands stand in between. */
    private int nextPlace(int from) {
        while (frames.bci() < from) {
            if (!frames.next()) {
                placesLeft = false;
                return NOWHERE;
            }
        }
        return frames.bci();
    }

    private void markPlace(int event, int bci, boolean fallsInto) {
        if (nextPlace(bci) == bci && isPlaceForAny(bci)) {
            map.flags[event] |= CodeMap.FREE_PLACE | (fallsInto ? CodeMap.FALLS_INTO : 0);
        }
    }

    /** A catch-all handler can't cover islands of code that has {@code this} uninitialized. */
    private boolean isPlaceForAny(int bci) {
        ConstructorFlow flow = this.flow;
        return flow == null || !snippets.catchesAll() || flow.isInitialized(bci);
    }
}

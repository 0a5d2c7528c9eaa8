package org.dvm.core.edit;

import org.jspecify.annotations.Nullable;

/**
 * Writes a method's exception table for the new code, with a last entry for exceptions that leave the method if snippets
 * wait for those.
 *
 * @jvms 4.7.3
 */
final class ExceptionTable {
    private final OriginalCode code;
    private final PlacedSnippets snippets;
    private final CodeMap map;
    private final Islands islands;

    private @Nullable ConstructorFlow flow;
    /** Where the handler stands whose ranges are being written. */
    private int catchAll;

    ExceptionTable(OriginalCode code, PlacedSnippets snippets, CodeMap map, Islands islands) {
        this.code = code;
        this.snippets = snippets;
        this.map = map;
        this.islands = islands;
    }

    /**
     * Writes the table.
     *
     * @param flow where {@code this} is initialized, in constructors where that matters
     * @param catchAll where the handler of exceptions that leave the method stands, if there is one
     */
    void write(Output out, @Nullable ConstructorFlow flow, int catchAll) {
        this.flow = flow;
        this.catchAll = catchAll;
        byte[] bytes = code.bytes;
        int count = code.handlerCount();
        int countAt = out.size();
        out.u2(0);
        for (int i = 0; i < count; i++) {
            int at = code.handler(i);
            int from = Bytecode.u2(bytes, at);
            int to = Bytecode.u2(bytes, at + 2);
            int handler = Bytecode.u2(bytes, at + 4);
            if (from >= to || to > code.length || handler >= code.length) {
                throw DoesNotFit.malformed("an exception handler's range is malformed", from);
            }
            out.u2(map.label(from));
            out.u2(map.rangeEnd(to));
            out.u2(map.handlerLabel(handler));
            out.u2(Bytecode.u2(bytes, at + 6));
        }
        if (!snippets.throwOut.isEmpty()) {
            count += writeCatchAll(out);
        }
        if (flow != null && !snippets.throwBeforeSuper.isEmpty()) {
            this.catchAll = catchAll + snippets.throwOut.length;
            count += writeCatchBeforeSuper(out, flow);
        }
        if (count > 65535) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "more than 65535 exception handlers");
        }
        out.setU2(countAt, count);
    }

    /** Writes the ranges of the handler for exceptions that leave the method: all but entry and exit snippets. */
    private int writeCatchAll(Output out) {
        ConstructorFlow flow = this.flow;
        if (flow == null) {
            return writeCovered(out, 0, code.length);
        }
        int count = 0;
        int from = -1;
        int next;
        for (int bci = 0; bci < code.length; bci = next) {
            next = bci + Bytecode.length(code.bytes, code.start, bci, code.length);
            boolean initialized = flow.isInitialized(bci);
            if (initialized && from < 0) {
                from = bci;
            } else if (!initialized && from >= 0) {
                count += writeCovered(out, from, bci);
                from = -1;
            }
        }
        if (from >= 0) {
            count += writeCovered(out, from, code.length);
        }
        return count + writeCoveredIslands(out, flow);
    }

    /**
     * Writes the ranges before {@code super()} is called. The call itself can't be covered: HotSpot takes {@code this} for
     * initialized in a handler of it, which no frame can say of a constructor that must not return yet.
     */
    private int writeCatchBeforeSuper(Output out, ConstructorFlow flow) {
        int count = 0;
        int from = -1;
        int next;
        for (int bci = 0; bci < code.length; bci = next) {
            next = bci + Bytecode.length(code.bytes, code.start, bci, code.length);
            boolean isCovered = flow.holdsUninitializedThis(bci) && !flow.isInitializedAfter(bci);
            if (isCovered && from < 0) {
                from = map.label(bci);
            } else if (!isCovered && from >= 0) {
                count += writeRange(out, from, map.rangeEnd(bci));
                from = -1;
            }
        }
        return from < 0 ? count : count + writeRange(out, from, map.newLength());
    }

    private int writeCovered(Output out, int from, int to) {
        int count = 0;
        int startPosition = map.label(from);
        int exitLength = snippets.exit.length;
        int event = exitLength == 0 ? map.count() : map.firstFrom(from);
        for (; event < map.count() && map.bci[event] < to; event++) {
            if ((map.flags[event] & CodeMap.EXIT) != 0) {
                int exit = map.instructionOf(event);
                count += writeRange(out, startPosition, exit - exitLength);
                startPosition = exit + 1;
            }
        }
        int endPosition = to < code.length ? map.rangeEnd(to) : flow == null ? catchAll : map.newLength();
        return count + writeRange(out, startPosition, endPosition);
    }

    private int writeCoveredIslands(Output out, ConstructorFlow flow) {
        int count = 0;
        for (int i = 0; i < islands.count(); i++) {
            if (islands.place(i) == Islands.AT_END && flow.isInitialized(islands.target(i))) {
                int position = islands.position(i);
                count += writeRange(out, position, position + Math.max(1, snippets.backEdge.length));
            }
        }
        return count;
    }

    private int writeRange(Output out, int from, int to) {
        if (from >= to) {
            return 0;
        }
        out.u2(from);
        out.u2(to);
        out.u2(catchAll);
        out.u2(0);
        return 1;
    }
}

package org.dvm.core.edit;

/** Writes the code array: copies the bytes between events, puts in what is inserted, and sets the branches anew. */
final class CodeWriter {
    private final OriginalCode code;
    private final PlacedSnippets snippets;
    private final CodeMap map;
    private final Islands islands;

    private byte[] bytes = {};
    private int start;

    CodeWriter(OriginalCode code, PlacedSnippets snippets, CodeMap map, Islands islands) {
        this.code = code;
        this.snippets = snippets;
        this.map = map;
        this.islands = islands;
    }

    /** Writes the code with its islands and the handler of exceptions that leave the method. */
    void write(Output out) {
        bytes = code.bytes;
        start = code.start;
        byte[] compiled = snippets.bytes();
        int codeAt = out.size();
        int copied = 0;
        for (int event = 0; event < map.count(); event++) {
            int bci = map.bci[event];
            out.put(bytes, start + copied, bci - copied);
            if (map.preLength[event] > 0) {
                out.put(compiled, map.preOffset[event], map.preLength[event]);
            }
            if (map.islandLength[event] > 0) {
                writeHopAndIslands(out, event);
            }
            if (map.handlerLength[event] > 0) {
                out.put(compiled, snippets.handler.offset, map.handlerLength[event]);
            }
            if (map.atLength[event] > 0) {
                out.put(compiled, map.atOffset[event], map.atLength[event]);
            }
            int flags = map.flags[event];
            if (map.sharedLength[event] > 0) {
                PlacedSnippets.Piece shared = (flags & CodeMap.EXIT) != 0 ? snippets.exit : snippets.backEdge;
                out.put(compiled, shared.offset, shared.length);
            }
            copied = writeInstruction(out, event, bci, flags);
        }
        out.put(bytes, start + copied, code.length - copied);
        shiftBranches(out.array(), codeAt);
        writeEndIslands(out);
        out.put(compiled, snippets.throwOut.offset, snippets.throwOut.length);
        out.put(compiled, snippets.throwBeforeSuper.offset, snippets.throwBeforeSuper.length);
    }

    /** Sets the offsets of branches that were copied. */
    private void shiftBranches(byte[] written, int codeAt) {
        int[] shifts = map.positions().shifts();
        for (int i = 0; i < map.branchCount(); i++) {
            int bci = map.branch(i);
            int at = codeAt + bci + shifts[bci];
            boolean isWide = (written[at] & 0xff) >= Bytecode.GOTO_W;
            int offset = isWide ? Bytecode.s4(written, at + 1) : Bytecode.s2(written, at + 1);
            int moved = shifts[bci + offset] - shifts[bci];
            if (moved == 0) {
                continue;
            }
            if (isWide) {
                Bytecode.setU4(written, at + 1, offset + moved);
            } else {
                Bytecode.setU2(written, at + 1, offset + moved);
            }
        }
    }

    /** Writes the instruction of an event, if it needs a change, and returns the bci up to which all is written. */
    private int writeInstruction(Output out, int event, int bci, int flags) {
        switch (flags & 15) {
            case Bytecode.CONDITIONAL, Bytecode.JUMP -> {
                writeBranch(out, event, bci, flags);
                return bci + 3;
            }
            case Bytecode.JUMP_WIDE -> {
                out.u1(bytes[start + bci]);
                out.u4(map.label(code.wideTarget(bci)) - map.instructionOf(event));
                return bci + 5;
            }
            case Bytecode.TABLE_SWITCH, Bytecode.LOOKUP_SWITCH -> {
                return writeSwitch(out, event, bci, flags);
            }
            default -> {
                if ((flags & CodeMap.REPLACED) != 0) {
                    out.u1u2(Bytecode.INVOKESTATIC, map.operand[event]);
                    return bci + 3 - map.growth[event];
                } else if ((flags & CodeMap.PATCHED) != 0) {
                    out.u1u2(bytes[start + bci], map.operand[event]);
                    return bci + 3;
                }
                return bci;
            }
        }
    }

    private void writeBranch(Output out, int event, int bci, int flags) {
        int opcode = bytes[start + bci] & 0xff;
        int from = map.instructionOf(event);
        int to = (flags & CodeMap.TO_ISLAND) != 0 ? islands.position(map.operand[event]) : map.label(code.target(bci));
        boolean wide = (flags & CodeMap.WIDENED) != 0;
        if ((flags & CodeMap.INVERTED) != 0) {
            int inside = (flags & CodeMap.BACK_EDGE) != 0 ? snippets.backEdge.length : 0;
            out.u1u2(Bytecode.inverted(opcode), 3 + inside + (wide ? 5 : 3));
            out.put(snippets.bytes(), snippets.backEdge.offset, inside);
            writeJump(out, to - from - 3 - inside, wide);
        } else if (wide) {
            out.u1(opcode == Bytecode.JSR ? Bytecode.JSR_W : Bytecode.GOTO_W);
            out.u4(to - from);
        } else {
            out.u1u2(opcode, to - from);
        }
    }

    private static void writeJump(Output out, int offset, boolean wide) {
        if (wide) {
            out.u1(Bytecode.GOTO_W);
            out.u4(offset);
        } else {
            out.u1u2(Bytecode.GOTO, offset);
        }
    }

    private int writeSwitch(Output out, int event, int bci, int flags) {
        int from = map.instructionOf(event);
        out.u1(bytes[start + bci]);
        for (int padding = 3 - (from & 3); padding > 0; padding--) {
            out.u1(0);
        }
        boolean table = (flags & 15) == Bytecode.TABLE_SWITCH;
        int operands = start + bci + 4 - (bci & 3);
        int end = start + bci + Bytecode.length(bytes, start, bci, code.length);
        out.u4(switchOffset(bci, from, operands, flags));
        out.put(bytes, operands + 4, table ? 8 : 4);
        if (table) {
            for (int at = operands + 12; at < end; at += 4) {
                out.u4(switchOffset(bci, from, at, flags));
            }
        } else {
            for (int at = operands + 8; at < end; at += 8) {
                out.put(bytes, at, 4);
                out.u4(switchOffset(bci, from, at + 4, flags));
            }
        }
        return end - start;
    }

    private int switchOffset(int bci, int from, int at, int flags) {
        int target = bci + Bytecode.s4(bytes, at);
        if ((flags & CodeMap.TO_ISLAND) != 0 && target <= bci) {
            return islands.position(islands.ofBackEdge(target, code.length)) - from;
        }
        return map.label(target) - from;
    }

    // ---- islands ----

    private void writeHopAndIslands(Output out, int event) {
        int at = map.islandsOf(event);
        if ((map.flags[event] & (CodeMap.HOP | CodeMap.FALLS_INTO)) != 0) {
            out.u1u2(Bytecode.GOTO, map.labelOf(event) - at);
        }
        for (int i = 0; i < islands.count(); i++) {
            if (islands.place(i) == event) {
                writeIsland(out, i, true);
            }
        }
    }

    private void writeEndIslands(Output out) {
        if (islands.endLength() > 0) {
            boolean wide = islands.endLength() + map.newLength() > CodeSplicer.MAX_NEAR;
            for (int i = 0; i < islands.count(); i++) {
                if (islands.place(i) == Islands.AT_END) {
                    writeIsland(out, i, wide);
                }
            }
        }
    }

    private void writeIsland(Output out, int island, boolean wide) {
        int length = islands.isBackEdge(island) ? snippets.backEdge.length : 0;
        out.put(snippets.bytes(), snippets.backEdge.offset, length);
        writeJump(out, map.label(islands.target(island)) - islands.position(island) - length, wide);
    }
}

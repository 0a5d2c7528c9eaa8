package org.dvm.core.edit;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Applies most plans to a Code attribute: calls with constants at entry, before returns, before instructions and
 * branches back, and where exceptions leave. The new code is written while the old one is scanned, its tables behind it.
 *
 * <p>In doubt - values that depend on the place, code that reaches 32 KB, islands, anything malformed - it gives up, and
 * {@link CodeSplicer} starts from the beginning; that one also knows what is wrong. What this one writes is, byte for
 * byte, what {@code CodeSplicer} would have written: with assertions on, as in tests, that is checked for every method.
 *
 * <p>All state is reused from method to method.
 */
final class QuickSplicer {
    private static final int PLACES = 1 << MethodEdits.ENTRY
            | 1 << MethodEdits.ENTRY_INITIALIZED
            | 1 << MethodEdits.RETURN
            | 1 << MethodEdits.THROW_OUT
            | 1 << MethodEdits.THROW_BEFORE_SUPER
            | 1 << MethodEdits.BACK_EDGE
            | 1 << MethodEdits.BEFORE
            | 1 << MethodEdits.BEFORE_EVERY;
    private static final int NOT_IN_CONSTRUCTORS =
            1 << MethodEdits.ENTRY_INITIALIZED | 1 << MethodEdits.THROW_OUT | 1 << MethodEdits.THROW_BEFORE_SUPER;
    private static final byte[] INIT = {'<', 'i', 'n', 'i', 't', '>'};
    private static final int NOWHERE = Integer.MAX_VALUE;

    private final TableShifter tables;
    private final QuickSnippets snippets;
    private final Constants constants;
    private final MethodPlan plan = new MethodPlan();
    private final Positions positions = new Positions();

    // The method at hand.
    private byte[] bytes = {};
    private int start;
    private int length;
    private int version;

    // Branches and switches whose offsets are set at last: bci, and where the instruction stands in the new code.
    private int jumpCount;
    private int[] jumpBcis = new int[32];
    private int[] jumpPlaces = new int[32];

    // Where returns stand in the new code that have snippets before them.
    private int exitCount;
    private int[] exitPlaces = new int[8];

    QuickSplicer(Assembler assembler, TableShifter tables) {
        this.tables = tables;
        this.snippets = new QuickSnippets(assembler, plan);
        this.constants = assembler.constants();
    }

    /**
     * Writes the content of the new Code attribute.
     *
     * @param edits the filters' edits of the method, in the filters' order, null for one that has none
     * @return false in doubt; what was written must then be taken back
     * @throws DoesNotFit if a limit is met
     */
    boolean splice(RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits, Output out) {
        bytes = raw.bytes();
        plan.merge(edits, false);
        int places = plan.places();
        if (!plan.isPlain()
                || (places & ~PLACES) != 0
                || (places & NOT_IN_CONSTRUCTORS) != 0 && raw.utf8Equals(Bytecode.u2(bytes, method.offset() + 2), INIT)
                || plan.itemCount() > 0 && plan.everyCount() > 0) {
            return false;
        }
        int content = method.codeOffset();
        int end = content + Bytecode.s4(bytes, content - 4);
        start = content + 8;
        length = Bytecode.s4(bytes, content + 4);
        version = raw.majorVersion();
        if (length <= 0 || length > CodeSplicer.MAX_NEAR || end - start < length + 4) {
            return false;
        }
        snippets.compile(raw, method, Bytecode.u2(bytes, content + 2));
        return writeCode(content, out) && writeHandlers(out) && writeAttributes(raw, end, out);
    }

    // ---- the code ----

    private boolean writeCode(int content, Output out) {
        int header = out.size();
        out.ensure(length + 256);
        out.setSize(header + 8);
        if (!scan(out)) {
            return false;
        }
        int codeAt = header + 8;
        int newLength = out.size() - codeAt;
        int maxStack = snippets.maxStack(Bytecode.u2(bytes, content));
        int maxLocals = snippets.maxLocals();
        if (newLength > CodeSplicer.MAX_NEAR || maxStack > 65535 || maxLocals > 65535) {
            return false;
        }
        if (!setJumps(out.array(), codeAt)) {
            return false;
        }
        snippets.putThrowOut(out);
        out.setU2(header, maxStack);
        out.setU2(header + 2, maxLocals);
        out.setU4(header + 4, out.size() - codeAt);
        return true;
    }

    /** Goes through the instructions and writes them with what is inserted; jumps keep their old offsets. */
    private boolean scan(Output out) {
        byte[] bytes = this.bytes;
        int start = this.start;
        int length = this.length;
        QuickSnippets snippets = this.snippets;
        byte[] steps = snippets.steps();
        boolean atSets = snippets.stopsAtSets();
        int exitLength = snippets.exitLength();
        int backEdgeLength = snippets.backEdgeLength();
        positions.start(length);
        jumpCount = 0;
        exitCount = 0;
        snippets.putEntry(out);
        int shift = snippets.entryLength();
        int nextStop = snippets.nextItem();
        int copied = 0;
        int bci = 0;
        // Hot path: no allocation. Most instructions are passed in the inner loop.
        while (bci < length) {
            int limit = start + Math.min(nextStop, length);
            int at = start + bci;
            int step = 0;
            while (at < limit && (step = steps[bytes[at] & 0xff]) > 0) {
                at += step;
            }
            bci = at - start;
            if (at >= limit && bci != nextStop) {
                break;
            }
            int opcode = bytes[at] & 0xff;
            int info = Bytecode.INFO[opcode] & 0xff;
            int kind = info >> 4;
            int instructionLength = info & 15;
            int gap = 0;
            if (bci == nextStop) {
                out.put(bytes, start + copied, bci - copied);
                copied = bci;
                gap = snippets.putItems(out);
                nextStop = snippets.nextItem();
            } else if (atSets && snippets.isInSets(Bytecode.opcode(bytes, start + bci))) {
                out.put(bytes, start + copied, bci - copied);
                copied = bci;
                gap = snippets.putOfSets(Bytecode.opcode(bytes, start + bci), out);
            }
            if (kind == Bytecode.CONDITIONAL || kind == Bytecode.JUMP) {
                int target = bci + Bytecode.s2(bytes, start + bci + 1);
                if (target < 0 || target >= length) {
                    return false;
                } else if (backEdgeLength > 0 && target <= bci) {
                    if (kind == Bytecode.CONDITIONAL) {
                        return false; // takes an island
                    }
                    out.put(bytes, start + copied, bci - copied);
                    copied = bci;
                    snippets.putBackEdge(out);
                    gap += backEdgeLength;
                }
                noteJump(bci, bci + shift + gap);
            } else if (kind == Bytecode.RETURNING) {
                if (exitLength > 0) {
                    out.put(bytes, start + copied, bci - copied);
                    copied = bci;
                    snippets.putExit(out);
                    gap += exitLength;
                    noteExit(bci + shift + gap);
                }
            } else if (instructionLength == 0) {
                instructionLength = Bytecode.length(bytes, start, bci, length);
                if (kind != Bytecode.WIDE_PREFIX) {
                    if (backEdgeLength > 0) {
                        return false; // may go back, over islands
                    }
                    out.put(bytes, start + copied, bci - copied);
                    int place = bci + shift + gap;
                    int padding = 3 - (place & 3);
                    int oldPadding = 3 - (bci & 3);
                    putSwitch(bci, oldPadding, padding, instructionLength, out);
                    noteJump(bci, place);
                    copied = bci + instructionLength;
                    positions.add(bci, shift, shift, gap);
                    shift += gap + padding - oldPadding;
                    gap = 0;
                }
            } else if (kind == Bytecode.JUMP_WIDE) {
                return false;
            }
            if (gap > 0) {
                positions.add(bci, shift, shift, gap);
                shift += gap;
            }
            bci += instructionLength;
        }
        out.put(bytes, start + copied, length - copied);
        positions.finish(shift);
        return bci == length && nextStop == NOWHERE;
    }

    private void putSwitch(int bci, int oldPadding, int padding, int instructionLength, Output out) {
        out.u1(bytes[start + bci]);
        for (int i = 0; i < padding; i++) {
            out.u1(0);
        }
        out.put(bytes, start + bci + 1 + oldPadding, instructionLength - 1 - oldPadding);
    }

    private void noteJump(int bci, int place) {
        int index = jumpCount;
        if (index == jumpBcis.length) {
            jumpBcis = Arrays.copyOf(jumpBcis, 2 * index);
            jumpPlaces = Arrays.copyOf(jumpPlaces, 2 * index);
        }
        jumpBcis[index] = bci;
        jumpPlaces[index] = place;
        jumpCount = index + 1;
    }

    private void noteExit(int place) {
        if (exitCount == exitPlaces.length) {
            exitPlaces = Arrays.copyOf(exitPlaces, 2 * exitCount);
        }
        exitPlaces[exitCount++] = place;
    }

    /** Sets the offsets of branches and switches anew. */
    private boolean setJumps(byte[] written, int codeAt) {
        int[] shifts = positions.shifts();
        for (int i = 0; i < jumpCount; i++) {
            int bci = jumpBcis[i];
            int place = jumpPlaces[i];
            int at = codeAt + place;
            int opcode = written[at] & 0xff;
            if (opcode == Bytecode.TABLESWITCH || opcode == Bytecode.LOOKUPSWITCH) {
                if (!setSwitch(written, at + 4 - (place & 3), bci, place, opcode)) {
                    return false;
                }
            } else {
                int target = bci + Bytecode.s2(written, at + 1);
                Bytecode.setU2(written, at + 1, target + shifts[target] - place);
            }
        }
        return true;
    }

    private boolean setSwitch(byte[] written, int operands, int bci, int place, int opcode) {
        boolean table = opcode == Bytecode.TABLESWITCH;
        int first = Bytecode.s4(written, operands + 4);
        int count = table ? Bytecode.s4(written, operands + 8) - first + 1 : first;
        int step = table ? 4 : 8;
        int at = operands + 12;
        boolean sound = setSwitchTarget(written, operands, bci, place);
        for (int i = 0; i < count && sound; i++, at += step) {
            sound = setSwitchTarget(written, at, bci, place);
        }
        return sound;
    }

    private boolean setSwitchTarget(byte[] written, int at, int bci, int place) {
        int target = bci + Bytecode.s4(written, at);
        if (target < 0 || target >= length) {
            return false;
        }
        Bytecode.setU4(written, at, positions.label(target) - place);
        return true;
    }

    // ---- the tables ----

    private boolean writeHandlers(Output out) {
        byte[] bytes = this.bytes;
        int[] shifts = positions.shifts();
        int at = start + length;
        int count = Bytecode.u2(bytes, at);
        at += 2;
        int countAt = out.size();
        out.u2(0);
        for (int i = 0; i < count; i++, at += 8) {
            int from = Bytecode.u2(bytes, at);
            int to = Bytecode.u2(bytes, at + 2);
            int handler = Bytecode.u2(bytes, at + 4);
            if (from >= to || to > length || handler >= length) {
                return false;
            }
            out.u2(from + shifts[from]);
            out.u2(to + shifts[to]);
            out.u2(handler + shifts[handler]);
            out.u2(Bytecode.u2(bytes, at + 6));
        }
        if (snippets.throwOutLength() > 0) {
            count += writeCatchAll(out);
        }
        out.setU2(countAt, count);
        return count <= 65535;
    }

    /** Writes the ranges of the handler for exceptions that leave the method: all but entry and exit snippets. */
    private int writeCatchAll(Output out) {
        int count = 0;
        int from = positions.label(0);
        int catchAll = positions.label(length);
        for (int i = 0; i <= exitCount; i++) {
            int to = i < exitCount ? exitPlaces[i] - snippets.exitLength() : catchAll;
            if (from < to) {
                out.u2(from);
                out.u2(to);
                out.u2(catchAll);
                out.u2(0);
                count++;
            }
            from = i < exitCount ? exitPlaces[i] + 1 : to;
        }
        return count;
    }

    private boolean writeAttributes(RawClass raw, int end, Output out) {
        byte[] bytes = this.bytes;
        int at = start + length;
        at += 2 + 8 * Bytecode.u2(bytes, at);
        if (end - at < 2) {
            return false;
        }
        int kept = Bytecode.u2(bytes, at);
        int remaining = kept;
        at += 2;
        int countAt = out.size();
        out.u2(0);
        boolean framesWritten = false;
        for (; remaining > 0; remaining--) {
            int attributeLength = end - at < 6 ? -1 : Bytecode.s4(bytes, at + 2);
            if (attributeLength < 0 || attributeLength > end - at - 6) {
                return false;
            }
            int next = at + 6 + attributeLength;
            switch (tables.kindOf(raw, Bytecode.u2(bytes, at))) {
                case TableShifter.STACK_MAP_TABLE -> {
                    if (framesWritten || version < 50 || !writeFrames(Bytecode.u2(bytes, at), at + 6, next, out)) {
                        return false;
                    }
                    framesWritten = true;
                }
                case TableShifter.LINE_NUMBERS -> {
                    out.put(bytes, at, next - at);
                    int content = out.size() - attributeLength;
                    if (!tables.lineNumbers(out.array(), content, attributeLength, positions)) {
                        return false;
                    }
                }
                case TableShifter.LOCAL_VARIABLES -> {
                    out.put(bytes, at, next - at);
                    int content = out.size() - attributeLength;
                    if (!tables.localVariables(out.array(), content, attributeLength, positions)) {
                        return false;
                    }
                }
                case TableShifter.TYPE_ANNOTATIONS -> {
                    out.put(bytes, at, next - at);
                    int content = out.size() - attributeLength;
                    TypeAnnotations.shift(out.array(), content, attributeLength, positions, tables);
                }
                case TableShifter.OTHER -> out.put(bytes, at, next - at);
                case TableShifter.STALE -> kept--;
                default -> {
                    return false;
                }
            }
            at = next;
        }
        if (!framesWritten && version > 50 && snippets.throwOutLength() > 0) {
            kept++;
            if (!writeFrames(constants.utf8("StackMapTable"), -1, -1, out)) {
                return false;
            }
        }
        out.setU2(countAt, kept);
        return at == end;
    }

    /** Writes a StackMapTable: the frames between two offsets, if there are some, and that of the catch-all handler. */
    private boolean writeFrames(int name, int from, int end, Output out) {
        out.u2(name);
        int lengthAt = out.size();
        out.u4(0);
        out.u2(0);
        tables.startFrames();
        if (from >= 0 && !tables.frames(bytes, from, end, positions, out)) {
            return false;
        }
        if (snippets.throwOutLength() > 0) {
            int delta = tables.delta(positions.label(length));
            if (delta < 0) {
                return false;
            }
            out.u1u2(255, delta);
            out.u2(0);
            out.u2(1);
            out.u1u2(FrameReader.OBJECT, constants.classConstant("java/lang/Throwable"));
        }
        out.setU2(lengthAt + 4, tables.frameCount());
        out.setU4(lengthAt, out.size() - lengthAt - 4);
        return true;
    }
}

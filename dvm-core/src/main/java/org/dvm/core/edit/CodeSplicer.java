package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.CodeScan.Reach;
import org.dvm.core.edit.PlacedSnippets.Effort;
import org.jspecify.annotations.Nullable;

/**
 * Applies a method's plan to its Code attribute.
 *
 * <p>First the snippets that stand in many places are compiled ({@link PlacedSnippets}). A scan of the code finds the
 * events: insertions and instructions that change ({@link CodeScan}). Then the events' positions are computed
 * ({@link CodeMap}); a method that grows past 32 KB is scanned again and gets wide jumps and islands
 * ({@link LongBranches}). At last the code is written ({@link CodeWriter}) and its tables with every reference shifted
 * ({@link ExceptionTable}, {@link FrameWriter}, {@link TableShifter}).
 *
 * <p>Does every plan, and says what is wrong where one can't be done. Most methods never come here: {@link QuickSplicer}
 * has written them.
 *
 * <p>All state is reused from method to method; nothing is allocated for an instruction.
 */
final class CodeSplicer {
    static final int MAX_CODE = 65535;
    static final int MAX_NEAR = 32767;
    private static final int JUMP = 3;

    private final Constants constants;
    private final Assembler assembler;
    private final SnippetCompiler compiler;
    private final TableShifter tables;
    private final OriginalCode code;
    private final MethodPlan plan = new MethodPlan();
    private final SavedValues saved = new SavedValues();
    private final PlacedSnippets snippets;
    private final CodeMap map = new CodeMap();
    private final Islands islands = new Islands();
    private final FrameReader frameReader;
    private final CodeScan scan;
    private final LongBranches longBranches;
    private final CodeWriter codeWriter;
    private final ExceptionTable exceptionTable;
    private final FrameWriter frameWriter;

    /** Makes one; the tables have been told of the class whenever a method of it is spliced. */
    CodeSplicer(SnippetCompiler compiler, HelperMethods helpers, TableShifter tables) {
        this.compiler = compiler;
        this.assembler = compiler.assembler();
        this.constants = assembler.constants();
        this.tables = tables;
        this.code = new OriginalCode(tables);
        this.snippets = new PlacedSnippets(plan, saved, compiler, helpers);
        this.frameReader = new FrameReader();
        this.scan = new CodeScan(code, plan, snippets, map, islands, frameReader, constants);
        this.longBranches = new LongBranches(code, snippets, map, islands);
        this.codeWriter = new CodeWriter(code, snippets, map, islands);
        this.exceptionTable = new ExceptionTable(code, snippets, map, islands);
        this.frameWriter = new FrameWriter(constants, tables, frameReader);
    }

    /**
     * Writes the content of the new Code attribute.
     *
     * @param edits the filters' edits of the method, in the filters' order, null for one that has none
     * @param newSuperclass the class whose constructor {@code super()} calls from now on, or null
     * @throws DoesNotFit if a limit is met; what was written must then be taken back
     */
    void splice(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            @Nullable String newSuperclass,
            Effort effort,
            Output out) {
        start(raw, method, edits);
        ConstructorFlow flow = needsFlow(newSuperclass) ? ConstructorFlow.of(code) : null;
        String returned = usesResult() ? Descriptors.returnType(raw.memberDescriptor(method)) : null;
        snippets.compileShared(code.isConstructor(), returned, effort);
        scan.scan(flow, newSuperclass, Reach.NEAR);
        int end = islands.place(map, snippets.backEdge.length, JUMP);
        if (end > MAX_NEAR) {
            islands.reset();
            scan.scan(flow, newSuperclass, Reach.FAR);
            end = longBranches.reach(flow);
        }
        write(out, flow, end);
    }

    private void start(RawClass raw, RawClass.Member method, @Nullable MethodEdits[] edits) {
        code.start(raw, method);
        plan.merge(edits, code.isConstructor());
        plan.spreadSets(code);
        frameReader.setTable(code);
        saved.start(raw, method, edits, frameReader);
        if (code.isConstructor() && raw.superName() == null) {
            plan.mergeInitializedIntoEntry();
        }
        assembler.start(saved.end());
        compiler.startMethod(raw, method, saved);
        islands.reset();
    }

    private boolean needsFlow(@Nullable String newSuperclass) {
        return code.isConstructor()
                && (!plan.isEmpty(MethodEdits.ENTRY_INITIALIZED)
                        || !plan.isEmpty(MethodEdits.THROW_OUT)
                        || !plan.isEmpty(MethodEdits.THROW_BEFORE_SUPER)
                        || saved.thisCopy() >= 0
                        || newSuperclass != null);
    }

    /** Returns whether a snippet before returns needs the value about to be returned. */
    private boolean usesResult() {
        for (int i = 0; i < plan.count(MethodEdits.RETURN); i++) {
            Snippet snippet = plan.snippet(MethodEdits.RETURN, i);
            if (snippet.result() == Snippet.AS_RETURN_VALUE || snippet.usesOfValueAtHand() > 0) {
                return true;
            }
        }
        return false;
    }

    // ---- writing ----

    /**
     * Writes everything.
     *
     * @param end the length of the code with its islands: there the handler of exceptions that leave the method stands
     */
    private void write(Output out, @Nullable ConstructorFlow flow, int end) {
        int length = end + snippets.throwOut.length + snippets.throwBeforeSuper.length;
        int maxStack = snippets.maxStack(code.maxStack());
        int maxLocals = assembler.maxLocals();
        if (length > MAX_CODE) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "code of " + length + " bytes exceeds 65535");
        } else if (maxStack > 65535 || maxLocals > 65535) {
            throw DoesNotFit.of(
                    EditRule.METHOD_TOO_LARGE, "max_stack=" + maxStack + " max_locals=" + maxLocals + " exceed 65535");
        }
        out.u2(maxStack);
        out.u2(maxLocals);
        out.u4(length);
        int codeAt = out.size();
        codeWriter.write(out);
        if (out.size() - codeAt != length) {
            throw new IllegalStateException(
                    "code has another length than planned: " + (out.size() - codeAt) + " for " + length);
        }
        exceptionTable.write(out, flow, end);
        writeAttributes(out, end);
    }

    private void writeAttributes(Output out, int end) {
        int count = code.attributeCount();
        int countAt = out.size();
        int kept = 0;
        out.u2(0);
        if (code.usesFrames()) {
            addFrames(end);
        }
        boolean framesWritten = false;
        for (int i = 0; i < count; i++) {
            int kind = code.attributeKind(i);
            if (kind == TableShifter.STACK_MAP_TABLE) {
                if (code.usesFrames() && !framesWritten) {
                    framesWritten = true;
                    writeFrames(out, code.attributeName(i));
                    kept++;
                }
            } else if (kind != TableShifter.STALE) {
                copyAttribute(out, i, kind);
                kept++;
            }
        }
        if (code.usesFrames() && !framesWritten && frameWriter.isNeeded()) {
            writeFrames(out, constants.utf8("StackMapTable"));
            kept++;
        }
        out.setU2(countAt, kept);
    }

    /** Copies an attribute with its name and length, which shifting doesn't change. */
    private void copyAttribute(Output out, int index, int kind) {
        int length = code.attributeLength(index);
        out.put(code.bytes, code.attributeOffset(index) - 6, 6 + length);
        int content = out.size() - length;
        boolean sound = true;
        if (kind == TableShifter.LINE_NUMBERS) {
            sound = tables.lineNumbers(out.array(), content, length, map.positions());
        } else if (kind == TableShifter.LOCAL_VARIABLES) {
            sound = tables.localVariables(out.array(), content, length, map.positions());
        } else if (kind == TableShifter.TYPE_ANNOTATIONS) {
            TypeAnnotations.shift(out.array(), content, length, map.positions(), tables);
        }
        if (!sound) {
            throw DoesNotFit.malformed(tables.fault(), -1);
        }
    }

    // ---- frames ----

    /** Collects the frames that edits need besides the original ones. */
    private void addFrames(int end) {
        frameWriter.start(map);
        for (int i = 0; i < compiler.guardFrameCount(); i++) {
            int position = compiler.guardFrame(i);
            // Where the guarded code ends at a frame of the method itself, that one serves.
            if (position < map.label(0) || !hasFrameAtStart()) {
                frameWriter.add(position, FrameWriter.INITIAL, -1);
            }
        }
        for (int event = 0; event < map.count() && !snippets.handler.isEmpty(); event++) {
            if ((map.flags[event] & CodeMap.HANDLER) != 0) {
                frameWriter.add(map.labelOf(event) - map.handlerLength[event], FrameWriter.AS_AT, map.bci[event]);
            }
        }
        for (int i = 0; i < islands.count(); i++) {
            frameWriter.add(islands.position(i), FrameWriter.AS_AT, islands.target(i));
        }
        if (!snippets.throwOut.isEmpty()) {
            frameWriter.add(end, FrameWriter.CATCH_ALL, -1);
            addCatchAllLocals();
        }
        if (!snippets.throwBeforeSuper.isEmpty()) {
            frameWriter.add(end + snippets.throwOut.length, FrameWriter.CATCH_BEFORE_SUPER, -1);
        }
        if (saved.addedCount() > 0) {
            frameWriter.addLocals(saved);
        }
    }

    /** Declares {@code this} and parameters in the catch-all's frame where its snippets read their own variables. */
    private void addCatchAllLocals() {
        int used = saved.ownVariablesUsed(plan, MethodEdits.THROW_OUT);
        if (used == 0) {
            return;
        }
        RawClass raw = code.raw();
        frameReader.start(code.method());
        boolean instance = !Modifier.isStatic(raw.memberFlags(code.method()));
        for (int i = 0; i < used; i++) {
            int type = frameReader.local(i);
            boolean isThis = instance && i == 0;
            if (saved.isOwnVariableUsed(plan, MethodEdits.THROW_OUT, isThis ? -1 : instance ? i - 1 : i)) {
                int initialized = FrameReader.OBJECT | raw.u2(raw.constantPoolEnd() + 2) << 8;
                frameWriter.addCatchAllLocal(isThis ? initialized : type);
            } else {
                frameWriter.addCatchAllLocal(FrameReader.TOP);
                if (type == FrameReader.LONG || type == FrameReader.DOUBLE) {
                    frameWriter.addCatchAllLocal(FrameReader.TOP);
                }
            }
        }
    }

    private boolean hasFrameAtStart() {
        frameReader.start(code.method());
        return frameReader.next() && frameReader.bci() == 0;
    }

    private void writeFrames(Output out, int name) {
        out.u2(name);
        int lengthAt = out.size();
        out.u4(0);
        if (saved.addedCount() > 0 || islands.count() > 0 || !snippets.handler.isEmpty()) {
            frameWriter.expand(out, code, 8 * code.bytes.length + (1 << 16));
        } else {
            frameWriter.shift(out, code.bytes);
        }
        out.setU4(lengthAt, out.size() - lengthAt - 4);
    }
}

package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.dvm.core.edit.MethodEdits.CallReplacement;
import org.dvm.core.edit.MethodEdits.Insertion;
import org.dvm.core.edit.MethodEdits.Place;
import org.jspecify.annotations.Nullable;

/**
 * Applies a method's plan to its Code attribute.
 *
 * <p>First a scan of the code finds the events - insertions, branches, switches - and compiles the snippets. Then the
 * events' positions are computed ({@link CodeMap}); a method that grows past 32 KB gets wide jumps and islands. At last
 * the code is written: the bytes between events are copied, and the tables shifted.
 *
 * <p>All state is reused from method to method; nothing is allocated for an instruction.
 */
final class CodeSplicer {
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

    private static final int NOWHERE = Integer.MAX_VALUE;
    private static final int MAX_CODE = 65535;
    private static final int MAX_NEAR = 32767;
    private static final int MAX_ROUNDS = 200;
    private static final byte[] INIT = {'<', 'i', 'n', 'i', 't', '>'};
    private static final String THROWABLE = "Ljava/lang/Throwable;";
    private static final RawClass.Member NO_METHOD = new RawClass.Member(0, 0, new RawClass.Attribute[0], -1);

    private final Constants constants;
    private final HelperMethods helpers;
    private final SnippetCompiler compiler;
    private final FrameReader frameReader;
    private final FrameWriter frameWriter;
    private final MethodPlan plan = new MethodPlan();
    private final SavedValues saved = new SavedValues();
    private final CodeMap map = new CodeMap();
    private final Islands islands = new Islands();
    private final CodeTables tables = new CodeTables();
    private final ArrayList<Snippet> group = new ArrayList<>();
    private final ArrayList<Snippet> atInstruction = new ArrayList<>();

    // The method at hand.
    private @Nullable RawClass currentClass;
    private RawClass.Member method = NO_METHOD;
    private byte[] bytes = {};
    private int start;
    private int codeLength;
    private boolean usesFrames;
    private boolean constructor;
    private boolean outlining;
    private @Nullable ConstructorFlow flow;
    private @Nullable String newSuperclass;
    private @Nullable String returned;

    // Snippets that are compiled once and stand in many places: offset and length in the compiler's buffer.
    private int entryLength;
    private int exitOffset;
    private int exitLength;
    private int backEdgeOffset;
    private int backEdgeLength;
    private int handlerOffset;
    private int handlerLength;
    private int throwOutOffset;
    private int throwOutLength;
    private int initializedOffset;
    private int initializedLength;
    /** Stack entries that snippets need where the method has none there, and where it may have all. */
    private int wholeStack;

    private int aboveStack;

    // Sorted bcis of handlers, and of frames where islands may be needed.
    private int[] handlers = new int[8];
    private int handlerCount;

    // The snippet compiled last that stands alone before an instruction.
    private @Nullable Snippet lastAlone;
    private int lastAloneOffset;
    private int lastAloneLength;

    // How far the scan has come: next item of the plan, next handler, next super() call, and whether frames are left.
    private int itemCursor;
    private int handlerCursor;
    private int superCallCursor;
    private boolean placesLeft;
    /** What stands before the next event's label: offset in the compiler's buffer, or -1 if nothing. */
    private int preOffset;

    CodeSplicer(Constants constants, HelperMethods helpers, SnippetCompiler compiler) {
        this.constants = constants;
        this.helpers = helpers;
        this.compiler = compiler;
        this.frameReader = new FrameReader(constants);
        this.frameWriter = new FrameWriter(constants, frameReader);
    }

    void startClass() {
        tables.startClass();
    }

    /** How hard to try. */
    enum Effort {
        /** Insertions stand where they belong. */
        INLINE,
        /** Insertions call helper methods that hold what they can. */
        OUTLINED
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
        start(raw, method, edits, newSuperclass, effort);
        compileShared();
        scan(false);
        int end = islands.place(map, backEdgeLength, 3);
        if (end > MAX_NEAR) {
            islands.reset();
            scan(true);
            end = reachFar();
        }
        int length = end + (throwOutLength == 0 ? 0 : throwOutLength);
        if (length > MAX_CODE) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "code of " + length + " bytes exceeds 65535");
        }
        write(out, length, end);
    }

    private void start(
            RawClass raw,
            RawClass.Member method,
            @Nullable MethodEdits[] edits,
            @Nullable String newSuperclass,
            Effort effort) {
        this.currentClass = raw;
        this.method = method;
        this.newSuperclass = newSuperclass;
        bytes = raw.bytes();
        start = raw.codeStart(method);
        codeLength = raw.codeLength(method);
        outlining = effort == Effort.OUTLINED;
        constructor = raw.utf8Equals(raw.u2(method.offset() + 2), INIT);
        plan.merge(edits, constructor);
        findFrames(raw);
        saved.start(raw, method, edits, frameReader);
        if (constructor) {
            mergeEntryOfObject(raw);
        }
        boolean needsFlow = constructor
                && (!plan.initialized.isEmpty()
                        || !plan.throwOut.isEmpty()
                        || saved.thisCopy() >= 0
                        || newSuperclass != null);
        flow = needsFlow ? ConstructorFlow.of(raw, method) : null;
        returned = usesResult(plan.exit) ? Descriptors.returnType(raw.memberDescriptor(method)) : null;
        compiler.startMethod(method, saved, saved.end());
        islands.reset();
        lastAlone = null;
        handlerCount = 0;
        if (!plan.handler.isEmpty()) {
            collectHandlers(raw);
        }
    }

    /** The constructor of java.lang.Object calls no other: its {@code this} is initialized from the start. */
    private void mergeEntryOfObject(RawClass raw) {
        if (raw.superName() == null) {
            plan.entry.addAll(plan.initialized);
            plan.initialized.clear();
        }
    }

    private static boolean usesResult(List<Snippet> snippets) {
        for (int i = 0; i < snippets.size(); i++) {
            Snippet snippet = snippets.get(i);
            if (snippet.result() instanceof Snippet.Result.AsReturnValue
                    || SnippetCompiler.usesOfValueAtHand(snippet.values()) > 0) {
                return true;
            }
        }
        return false;
    }

    private void findFrames(RawClass raw) {
        int version = raw.majorVersion();
        frameReader.setTable(raw, -1, 0);
        int attributes = start + codeLength + 2 + 8 * raw.u2(start + codeLength) + 2;
        int end = codeEnd(raw);
        int at = attributes;
        for (int i = raw.u2(attributes - 2); i > 0; i--) {
            int length = attributeLength(raw, at, end);
            if (version >= 50 && tables.kind(raw, raw.u2(at)) == CodeTables.STACK_MAP_TABLE) {
                frameReader.setTable(raw, at + 6, length);
            }
            at += 6 + length;
        }
        // A version 50 class without frames is left to the old verifier; a partial table would not help it.
        usesFrames = version > 50 || frameReader.hasTable();
    }

    /** Returns where the Code attribute ends. */
    private int codeEnd(RawClass raw) {
        int content = method.codeOffset();
        return content + raw.s4(content - 4);
    }

    private static int attributeLength(RawClass raw, int at, int end) {
        if (end - at < 6) {
            throw DoesNotFit.malformed("the attributes of the code end early", -1);
        }
        int length = raw.s4(at + 2);
        int name = raw.u2(at);
        if (length < 0
                || length > end - at - 6
                || name >= raw.constantCount()
                || raw.constantTag(name) != RawClass.UTF8) {
            throw DoesNotFit.malformed("an attribute of the code is malformed", -1);
        }
        return length;
    }

    private void collectHandlers(RawClass raw) {
        int table = start + codeLength;
        int count = raw.u2(table);
        if (handlers.length < count) {
            handlers = new int[count];
        }
        for (int i = 0; i < count; i++) {
            handlers[i] = raw.u2(table + 2 + 8 * i + 4);
        }
        Arrays.sort(handlers, 0, count);
        handlerCount = count;
    }

    // ---- snippets that stand in many places ----

    private void compileShared() {
        aboveStack = 0;
        compileEntry();
        entryLength = compiler.code().size();
        wholeStack = compiler.takeMaxDepth();
        initializedOffset = compiler.code().size();
        compileInitialized();
        initializedLength = compiler.code().size() - initializedOffset;
        exitOffset = compileGroup(plan.exit, "V".equals(returned) ? null : returned);
        exitLength = compiler.code().size() - exitOffset;
        backEdgeOffset = compileGroup(plan.backEdge, null);
        backEdgeLength = compiler.code().size() - backEdgeOffset;
        aboveStack = compiler.takeMaxDepth();
        // In a handler only the exception is on the stack.
        handlerOffset = compileGroup(plan.handler, THROWABLE);
        handlerLength = compiler.code().size() - handlerOffset;
        throwOutOffset = compileGroup(plan.throwOut, THROWABLE);
        throwOutLength = compiler.code().size() - throwOutOffset;
        if (throwOutLength > 0) {
            compiler.code().u1(Bytecode.ATHROW);
            throwOutLength++;
        }
        if (handlerLength + throwOutLength > 0) {
            wholeStack = Math.max(wholeStack, 1 + compiler.takeMaxDepth());
        }
    }

    private void compileEntry() {
        compiler.startGroup();
        for (int i = 0; i < saved.addedCount(); i++) {
            char kind = saved.addedType(i).charAt(0);
            int slot = saved.addedSlot(i);
            int parameter = saved.parameterOf(slot);
            if (parameter >= 0) {
                compiler.copy(kind, saved.ownSlot(parameter), slot);
            } else if (slot == saved.thisCopy() && !constructor) {
                compiler.copy(kind, 0, slot);
            } else {
                compiler.initialize(kind, slot);
            }
        }
        List<Snippet> snippets = plan.entry;
        for (int i = 0; i < snippets.size(); ) {
            Snippet snippet = snippets.get(i);
            OnceGuard guard = snippet.guard();
            if (guard == null) {
                compiler.startGroup();
                compiler.snippet(prepared(snippet), null);
                i++;
            } else if (outlining) {
                i = addGuarded(snippets, i);
                compiler.startGroup();
                compiler.snippet(group.get(0), null);
            } else {
                int end = endOfGuarded(snippets, i);
                compiler.startGroup();
                compiler.guardedAtEntry(guard, snippets.subList(i, end));
                i = end;
            }
        }
    }

    private void compileInitialized() {
        if (saved.thisCopy() >= 0 && constructor) {
            compiler.startGroup();
            compiler.copy('L', 0, saved.thisCopy());
        }
        compileGroup(plan.initialized, null);
    }

    /** Compiles snippets that stand together and returns where their code starts. */
    private int compileGroup(List<Snippet> snippets, @Nullable String atHand) {
        int offset = compiler.code().size();
        if (!snippets.isEmpty()) {
            prepareGroup(snippets);
            for (int i = 0; i < group.size(); i++) {
                compiler.startGroup();
                compiler.snippet(group.get(i), atHand);
            }
        }
        return offset;
    }

    /** Puts the snippets into {@link #group} as they are to be compiled: guarded ones as calls of helpers. */
    private void prepareGroup(List<Snippet> snippets) {
        group.clear();
        for (int i = 0; i < snippets.size(); ) {
            Snippet snippet = snippets.get(i);
            if (snippet.guard() == null) {
                group.add(prepared(snippet));
                i++;
            } else {
                int end = endOfGuarded(snippets, i);
                group.add(
                        end == i + 1
                                ? helpers.outlined(snippet)
                                : helpers.outlined(List.copyOf(snippets.subList(i, end))));
                i = end;
            }
        }
    }

    private int addGuarded(List<Snippet> snippets, int from) {
        int end = endOfGuarded(snippets, from);
        prepareGroup(snippets.subList(from, end));
        return end;
    }

    static int endOfGuarded(List<Snippet> snippets, int from) {
        OnceGuard guard = snippets.get(from).guard();
        int end = from + 1;
        while (end < snippets.size()
                && guard != null
                && guard.equals(snippets.get(end).guard())) {
            end++;
        }
        return end;
    }

    private Snippet prepared(Snippet snippet) {
        return outlining && snippet.pushesConstants() ? helpers.outlined(snippet) : snippet;
    }

    // ---- the scan ----

    /** Finds all events; with places for islands where jumps may get too far. */
    private void scan(boolean withPlaces) {
        byte[] bytes = this.bytes;
        int start = this.start;
        int codeLength = this.codeLength;
        map.reset(codeLength);
        itemCursor = 0;
        handlerCursor = 0;
        superCallCursor = 0;
        preOffset = -1;
        startPlaces(withPlaces);
        boolean stopsAtReturns = exitLength > 0;
        int nextStop = entryLength > 0 ? 0 : nextStop(0);
        int lastOpcode = Bytecode.GOTO;
        int bci = 0;
        byte[] infos = Bytecode.INFO;
        // Hot path: no allocation. Most instructions pass by the first test.
        while (bci < codeLength) {
            int opcode = bytes[start + bci] & 0xff;
            int info = infos[opcode] & 0xff;
            if (info < 16 && info != 0 && bci < nextStop) {
                lastOpcode = opcode;
                bci += info;
                continue;
            }
            int length = Bytecode.length(bytes, start, bci, codeLength);
            if (bci < nextStop) {
                if (info >> 4 != Bytecode.RETURNING || stopsAtReturns) {
                    addControlEvent(-1, bci, info >> 4, length);
                }
            } else {
                checkOnInstruction(bci, nextStop);
                int event = addEventWithInsertions(bci, opcode, info >> 4, lastOpcode, length);
                addControlEvent(event, bci, info >> 4, length);
                nextStop = preOffset >= 0 ? bci + length : nextStop(bci + 1);
            }
            lastOpcode = opcode;
            bci += length;
        }
        if (bci != codeLength) {
            throw DoesNotFit.malformed("the last instruction reaches beyond the code", codeLength);
        }
        if (nextStop != NOWHERE && nextStop < codeLength) {
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
        if (flow != null && superCallCursor < flow.superCallCount() && stopsAtSuperCalls()) {
            stop = Math.min(stop, flow.superCall(superCallCursor));
        }
        if (placesLeft) {
            stop = Math.min(stop, nextPlace(from));
        }
        return stop;
    }

    private boolean stopsAtSuperCalls() {
        return initializedLength > 0 || newSuperclass != null;
    }

    private static void checkOnInstruction(int bci, int stop) {
        if (bci != stop) {
            throw new IllegalArgumentException("no instruction starts there: bci=" + stop);
        }
    }

    /** Adds the event of an instruction at which something is inserted. */
    private int addEventWithInsertions(int bci, int opcode, int kind, int lastOpcode, int length) {
        int event = map.add(bci, kind);
        if (bci == 0 && entryLength > 0) {
            map.preLength[event] = entryLength;
        } else if (preOffset >= 0) {
            map.preOffset[event] = preOffset;
            map.preLength[event] = compiler.code().size() - preOffset;
        }
        preOffset = -1;
        boolean fallsInto = bci == 0 || Bytecode.fallsThrough(lastOpcode);
        while (handlerCursor < handlerCount && handlers[handlerCursor] < bci) {
            handlerCursor++;
        }
        if (handlerCursor < handlerCount && handlers[handlerCursor] == bci) {
            map.flags[event] |= HANDLER | (fallsInto ? HOP : 0);
            map.handlerLength[event] = handlerLength;
            map.islandLength[event] = fallsInto ? 3 : 0;
        }
        if (placesLeft && bci > 0) {
            markPlace(event, bci, fallsInto);
        }
        map.atOffset[event] = compiler.code().size();
        map.atLength[event] = compileItems(bci, event, opcode);
        compileAfter(bci, event, opcode, length);
        return event;
    }

    /** Compiles what stands before the instruction, notes what replaces it, and returns the length of the code. */
    private int compileItems(int bci, int event, int opcode) {
        int from = itemCursor;
        while (itemCursor < plan.itemCount()
                && plan.itemBci(itemCursor) == bci
                && plan.itemPhase(itemCursor) == MethodPlan.BEFORE) {
            itemCursor++;
        }
        int length = 0;
        if (itemCursor == from + 1 && plan.insertion(from).place() == Place.BEFORE) {
            length = compileAlone(plan.insertion(from).snippet(), event);
        } else if (itemCursor > from) {
            compileBefore(from, itemCursor, bci);
            length = compiler.code().size() - map.atOffset[event];
        }
        while (itemCursor < plan.itemCount()
                && plan.itemBci(itemCursor) == bci
                && plan.itemPhase(itemCursor) == MethodPlan.REPLACE) {
            replaceCall(event, plan.replacement(itemCursor), opcode);
            itemCursor++;
        }
        return length;
    }

    /** Compiles a snippet that needs nothing of its place; filters that use one for many places pay once. */
    private int compileAlone(Snippet snippet, int event) {
        if (snippet != lastAlone) {
            atInstruction.clear();
            atInstruction.add(snippet);
            lastAloneOffset = compileGroup(atInstruction, null);
            lastAloneLength = compiler.code().size() - lastAloneOffset;
            lastAlone = snippet;
        }
        map.atOffset[event] = lastAloneOffset;
        return lastAloneLength;
    }

    private void replaceCall(int event, CallReplacement replacement, int opcode) {
        if ((map.flags[event] & REPLACED) != 0) {
            throw DoesNotFit.of(EditRule.CONFLICT, "two filters replace the call at bci " + replacement.bci());
        }
        map.flags[event] |= REPLACED;
        map.operand[event] = constants.member(
                RawClass.METHOD_REF, replacement.owner(), replacement.name(), replacement.descriptor());
        map.growth[event] = opcode == Bytecode.INVOKEINTERFACE ? -2 : 0;
    }

    private void compileBefore(int from, int to, int bci) {
        group.clear();
        boolean atCall = false;
        atInstruction.clear();
        for (int i = from; i < to; i++) {
            Insertion insertion = plan.insertion(i);
            atCall |= insertion.place() == Place.BEFORE_CALL;
            atInstruction.add(insertion.snippet());
        }
        prepareGroup(atInstruction);
        compiler.startGroup();
        if (atCall) {
            compiler.beforeCall(CallSite.at(raw(), start + bci), group);
        } else {
            for (int i = 0; i < group.size(); i++) {
                compiler.startGroup();
                compiler.snippet(group.get(i), null);
            }
        }
    }

    /** Compiles what stands behind the instruction; it belongs to the next event. */
    private void compileAfter(int bci, int event, int opcode, int length) {
        int offset = compiler.code().size();
        boolean fallsThrough = Bytecode.fallsThrough(opcode) && bci + length < codeLength;
        if (flow != null
                && superCallCursor < flow.superCallCount()
                && flow.superCall(superCallCursor) == bci
                && stopsAtSuperCalls()) {
            superCallCursor++;
            patchSuperCall(event, bci);
            if (initializedLength > 0) {
                compiler.code().put(compiler.code().array(), initializedOffset, initializedLength);
            }
        }
        while (itemCursor < plan.itemCount() && plan.itemBci(itemCursor) == bci) {
            Insertion insertion = plan.insertion(itemCursor++);
            if (fallsThrough) {
                String atHand = null;
                if (insertion.place() == Place.AFTER_CALL) {
                    String type = Descriptors.returnType(
                            CallSite.at(raw(), start + bci).descriptor());
                    atHand = type.equals("V") ? null : type;
                }
                atInstruction.clear();
                atInstruction.add(insertion.snippet());
                compileGroup(atInstruction, atHand);
            }
        }
        if (compiler.code().size() > offset) {
            preOffset = offset;
        }
    }

    private void patchSuperCall(int event, int bci) {
        if (newSuperclass == null) {
            return;
        }
        RawClass raw = raw();
        int reference = raw.constantOffset(raw.u2(start + bci + 1));
        if (raw.name(raw.u2(reference + 1)).equals(raw.superName())) {
            CallSite site = CallSite.at(raw, start + bci);
            map.flags[event] |= PATCHED;
            map.operand[event] = constants.member(RawClass.METHOD_REF, newSuperclass, site.name(), site.descriptor());
        }
    }

    /** Notes an instruction that must be rewritten; in the event given or, if that is -1, in one of its own. */
    private void addControlEvent(int given, int bci, int kind, int length) {
        int target;
        switch (kind) {
            case Bytecode.CONDITIONAL, Bytecode.JUMP -> target = bci + Bytecode.s2(bytes, start + bci + 1);
            case Bytecode.JUMP_WIDE -> target = bci + Bytecode.s4(bytes, start + bci + 1);
            case Bytecode.TABLE_SWITCH, Bytecode.LOOKUP_SWITCH -> {
                int event = given >= 0 ? given : map.add(bci, kind);
                noteSwitch(event, bci, length);
                return;
            }
            case Bytecode.RETURNING -> {
                if (exitLength > 0) {
                    int event = given >= 0 ? given : map.add(bci, kind);
                    map.flags[event] |= EXIT;
                    map.sharedLength[event] = exitLength;
                }
                return;
            }
            default -> {
                return;
            }
        }
        checkTarget(target, bci);
        int event = given >= 0 ? given : map.add(bci, kind);
        if (backEdgeLength > 0 && target <= bci) {
            if (kind != Bytecode.CONDITIONAL) {
                map.flags[event] |= BACK_EDGE;
                map.sharedLength[event] = backEdgeLength;
            } else if (usesFrames) {
                map.flags[event] |= TO_ISLAND;
                map.operand[event] = islands.ofBackEdge(target, codeLength);
            } else {
                map.flags[event] |= INVERTED | BACK_EDGE;
                map.growth[event] = backEdgeLength + 3;
            }
        }
    }

    private void noteSwitch(int event, int bci, int length) {
        int operands = start + bci + 4 - (bci & 3);
        boolean table = bytes[start + bci] == (byte) Bytecode.TABLESWITCH;
        noteSwitchTarget(event, bci, bci + Bytecode.s4(bytes, operands));
        for (int at = operands + 12; at < start + bci + length; at += table ? 4 : 8) {
            noteSwitchTarget(event, bci, bci + Bytecode.s4(bytes, at));
        }
    }

    private void noteSwitchTarget(int event, int bci, int target) {
        checkTarget(target, bci);
        if (backEdgeLength > 0 && target <= bci) {
            map.flags[event] |= TO_ISLAND;
            int unused = islands.ofBackEdge(target, codeLength);
        }
    }

    private void checkTarget(int target, int bci) {
        if (target < 0 || target >= codeLength) {
            throw DoesNotFit.malformed("a branch leaves the code", bci);
        }
    }

    // ---- places for islands ----

    private void startPlaces(boolean withPlaces) {
        placesLeft = withPlaces && usesFrames;
        if (placesLeft) {
            frameReader.start(method);
            placesLeft = frameReader.next();
        }
    }

    /** Returns the next bci at or after that one where a frame stands: only there can islands stand in between. */
    private int nextPlace(int from) {
        while (frameReader.bci() < from) {
            if (!frameReader.next()) {
                placesLeft = false;
                return NOWHERE;
            }
        }
        return frameReader.bci();
    }

    private void markPlace(int event, int bci, boolean fallsInto) {
        if (nextPlace(bci) == bci && isPlaceForAny(bci)) {
            map.flags[event] |= FREE_PLACE | (fallsInto ? FALLS_INTO : 0);
        }
    }

    /** A catch-all handler can't cover islands of code that has {@code this} uninitialized. */
    private boolean isPlaceForAny(int bci) {
        return flow == null || throwOutLength == 0 || flow.isInitialized(bci);
    }

    // ---- long ways ----

    /** Widens jumps and adds islands until every branch reaches its target; returns where the code ends. */
    private int reachFar() {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int end = islands.place(map, backEdgeLength, 5);
            if (end > 4 * MAX_CODE) {
                throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "code of " + end + " bytes exceeds 65535");
            }
            boolean changed = false;
            for (int event = 0; event < map.count(); event++) {
                int kind = map.flags[event] & 15;
                if (kind == Bytecode.JUMP || kind == Bytecode.CONDITIONAL) {
                    changed |= lengthenIfNeeded(event, kind);
                }
            }
            if (!changed) {
                checkPlaces();
                return end;
            }
        }
        throw DoesNotFit.of(EditRule.BRANCH_TOO_FAR, "no arrangement of islands found");
    }

    /** Refuses islands among covered code for branches that have {@code this} uninitialized. */
    private void checkPlaces() {
        ConstructorFlow flow = this.flow;
        for (int i = 0; flow != null && throwOutLength > 0 && i < islands.count(); i++) {
            if (islands.place(i) != Islands.AT_END && !flow.isInitialized(islands.target(i))) {
                throw DoesNotFit.of(
                        EditRule.BRANCH_TOO_FAR, "a branch before super() reaches too far: bci " + islands.target(i));
            }
        }
    }

    private boolean lengthenIfNeeded(int event, int kind) {
        int flags = map.flags[event];
        if ((flags & WIDENED) != 0) {
            return false;
        }
        int bci = map.bci[event];
        int from = map.instructionOf(event);
        int target = bci + Bytecode.s2(bytes, start + bci + 1);
        boolean toIsland = (flags & TO_ISLAND) != 0;
        int to = toIsland ? islands.position(map.operand[event]) : map.label(target);
        int source = (flags & INVERTED) != 0 ? from + 3 + ((flags & BACK_EDGE) != 0 ? backEdgeLength : 0) : from;
        if (Math.abs(to - source) <= MAX_NEAR) {
            return false;
        }
        if (kind == Bytecode.JUMP) {
            map.flags[event] |= WIDENED;
            map.growth[event] += 2;
        } else if (!usesFrames) {
            map.growth[event] += (flags & INVERTED) != 0 ? 2 : 5;
            map.flags[event] |= INVERTED | WIDENED;
        } else {
            boolean backEdge = toIsland && islands.isBackEdge(map.operand[event]);
            map.flags[event] |= TO_ISLAND;
            map.operand[event] = islands.within(map, from, event, target, backEdge);
        }
        return true;
    }

    // ---- writing ----

    private void write(Output out, int length, int end) {
        RawClass raw = raw();
        int above = Math.max(aboveStack, compiler.takeMaxDepth());
        int maxStack = Math.max(wholeStack, raw.u2(method.codeOffset()) + above);
        int maxLocals = compiler.maxLocals();
        if (maxStack > 65535 || maxLocals > 65535) {
            throw DoesNotFit.of(
                    EditRule.METHOD_TOO_LARGE, "max_stack=" + maxStack + " max_locals=" + maxLocals + " exceed 65535");
        }
        out.u2(maxStack);
        out.u2(maxLocals);
        out.u4(length);
        int codeAt = out.size();
        writeCode(out);
        writeEndIslands(out);
        if (throwOutLength > 0) {
            out.put(compiler.code().array(), throwOutOffset, throwOutLength);
        }
        if (out.size() - codeAt != length) {
            throw new IllegalStateException(
                    "code has another length than planned: " + (out.size() - codeAt) + " for " + length);
        }
        writeExceptionTable(out, end);
        writeAttributes(out, end);
    }

    private void writeCode(Output out) {
        byte[] snippets = compiler.code().array();
        int copied = 0;
        for (int event = 0; event < map.count(); event++) {
            int bci = map.bci[event];
            out.put(bytes, start + copied, bci - copied);
            if (map.preLength[event] > 0) {
                out.put(snippets, map.preOffset[event], map.preLength[event]);
            }
            if (map.islandLength[event] > 0) {
                writeHopAndIslands(out, event);
            }
            if (map.handlerLength[event] > 0) {
                out.put(snippets, handlerOffset, handlerLength);
            }
            if (map.atLength[event] > 0) {
                out.put(snippets, map.atOffset[event], map.atLength[event]);
            }
            int flags = map.flags[event];
            if (map.sharedLength[event] > 0) {
                boolean exit = (flags & EXIT) != 0;
                out.put(snippets, exit ? exitOffset : backEdgeOffset, exit ? exitLength : backEdgeLength);
            }
            copied = writeInstruction(out, event, bci, flags);
        }
        out.put(bytes, start + copied, codeLength - copied);
    }

    /** Writes the instruction of an event, if it needs a change, and returns the bci up to which all is written. */
    private int writeInstruction(Output out, int event, int bci, int flags) {
        switch (flags & 15) {
            case Bytecode.CONDITIONAL, Bytecode.JUMP -> {
                writeBranch(out, event, bci, flags);
                return bci + 3;
            }
            case Bytecode.JUMP_WIDE -> {
                int target = bci + Bytecode.s4(bytes, start + bci + 1);
                out.u1(bytes[start + bci]);
                out.u4(map.label(target) - map.instructionOf(event));
                return bci + 5;
            }
            case Bytecode.TABLE_SWITCH, Bytecode.LOOKUP_SWITCH -> {
                return writeSwitch(out, event, bci, flags);
            }
            default -> {
                if ((flags & REPLACED) != 0) {
                    out.u1u2(Bytecode.INVOKESTATIC, map.operand[event]);
                    return bci + 3 - map.growth[event];
                } else if ((flags & PATCHED) != 0) {
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
        int to = (flags & TO_ISLAND) != 0
                ? islands.position(map.operand[event])
                : map.label(bci + Bytecode.s2(bytes, start + bci + 1));
        boolean wide = (flags & WIDENED) != 0;
        if ((flags & INVERTED) != 0) {
            int inside = (flags & BACK_EDGE) != 0 ? backEdgeLength : 0;
            out.u1u2(Bytecode.inverted(opcode), 3 + inside + (wide ? 5 : 3));
            out.put(compiler.code().array(), backEdgeOffset, inside);
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
        int end = start + bci + Bytecode.length(bytes, start, bci, codeLength);
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
        if ((flags & TO_ISLAND) != 0 && target <= bci) {
            return islands.position(islands.ofBackEdge(target, codeLength)) - from;
        }
        return map.label(target) - from;
    }

    private void writeHopAndIslands(Output out, int event) {
        int at = map.islandsOf(event);
        boolean hop = (map.flags[event] & HOP) != 0;
        if (hop || (map.flags[event] & FALLS_INTO) != 0) {
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
            boolean wide = islands.endLength() + map.newLength() > MAX_NEAR;
            for (int i = 0; i < islands.count(); i++) {
                if (islands.place(i) == Islands.AT_END) {
                    writeIsland(out, i, wide);
                }
            }
        }
    }

    private void writeIsland(Output out, int island, boolean wide) {
        int snippets = islands.isBackEdge(island) ? backEdgeLength : 0;
        out.put(compiler.code().array(), backEdgeOffset, snippets);
        writeJump(out, map.label(islands.target(island)) - islands.position(island) - snippets, wide);
    }

    // ---- tables ----

    private void writeExceptionTable(Output out, int end) {
        RawClass raw = raw();
        int table = start + codeLength;
        int count = raw.u2(table);
        int countAt = out.size();
        out.u2(0);
        for (int i = 0, at = table + 2; i < count; i++, at += 8) {
            int from = raw.u2(at);
            int to = raw.u2(at + 2);
            int handler = raw.u2(at + 4);
            if (from >= to || to > codeLength || handler >= codeLength) {
                throw DoesNotFit.malformed("an exception handler's range is malformed", from);
            }
            out.u2(map.label(from));
            out.u2(map.rangeEnd(to));
            out.u2(map.handlerLabel(handler));
            out.u2(raw.u2(at + 6));
        }
        if (throwOutLength > 0) {
            count += writeCatchAll(out, end);
        }
        if (count > 65535) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "more than 65535 exception handlers");
        }
        out.setU2(countAt, count);
    }

    /** Writes the ranges of the handler for exceptions that leave the method: all but entry and exit snippets. */
    private int writeCatchAll(Output out, int end) {
        ConstructorFlow flow = this.flow;
        int count = 0;
        if (flow == null) {
            count = writeCovered(out, 0, codeLength, end);
        } else {
            int from = -1;
            int next;
            for (int bci = 0; bci < codeLength; bci = next) {
                next = bci + Bytecode.length(bytes, start, bci, codeLength);
                boolean initialized = flow.isInitialized(bci);
                if (initialized && from < 0) {
                    from = bci;
                } else if (!initialized && from >= 0) {
                    count += writeCovered(out, from, bci, end);
                    from = -1;
                }
            }
            if (from >= 0) {
                count += writeCovered(out, from, codeLength, end);
            }
            count += writeCoveredIslands(out, flow, end);
        }
        return count;
    }

    private int writeCovered(Output out, int from, int to, int handler) {
        int count = 0;
        int startPosition = map.label(from);
        for (int event = 0; event < map.count() && exitLength > 0; event++) {
            if ((map.flags[event] & EXIT) != 0 && map.bci[event] >= from && map.bci[event] < to) {
                int exit = map.instructionOf(event);
                count += writeRange(out, startPosition, exit - exitLength, handler);
                startPosition = exit + 1;
            }
        }
        int endPosition = to < codeLength ? map.rangeEnd(to) : flow == null ? handler : map.newLength();
        return count + writeRange(out, startPosition, endPosition, handler);
    }

    private int writeCoveredIslands(Output out, ConstructorFlow flow, int handler) {
        int count = 0;
        for (int i = 0; i < islands.count(); i++) {
            if (islands.place(i) == Islands.AT_END && flow.isInitialized(islands.target(i))) {
                int position = islands.position(i);
                count += writeRange(out, position, position + Math.max(1, backEdgeLength), handler);
            }
        }
        return count;
    }

    private static int writeRange(Output out, int from, int to, int handler) {
        if (from >= to) {
            return 0;
        }
        out.u2(from);
        out.u2(to);
        out.u2(handler);
        out.u2(0);
        return 1;
    }

    private void writeAttributes(Output out, int end) {
        RawClass raw = raw();
        int at = start + codeLength + 2 + 8 * raw.u2(start + codeLength);
        int count = raw.u2(at);
        at += 2;
        int countAt = out.size();
        int kept = 0;
        out.u2(0);
        if (usesFrames) {
            addFrames(end);
        }
        boolean framesWritten = false;
        tables.start(out, map, codeLength);
        int limit = codeEnd(raw);
        for (int i = 0; i < count; i++) {
            int length = attributeLength(raw, at, limit);
            int name = raw.u2(at);
            int kind = tables.kind(raw, name);
            boolean frames = kind == CodeTables.STACK_MAP_TABLE;
            if (kind != CodeTables.STALE && (!frames || usesFrames && !framesWritten)) {
                framesWritten |= frames;
                writeAttribute(out, raw, name, kind, at + 6, length);
                kept++;
            }
            at += 6 + length;
        }
        if (at != limit) {
            throw DoesNotFit.malformed("the attributes of the code don't fill it", -1);
        }
        if (usesFrames && !framesWritten && frameWriter.isNeeded()) {
            writeAttribute(out, raw, constants.utf8("StackMapTable"), CodeTables.STACK_MAP_TABLE, at, 0);
            kept++;
        }
        out.setU2(countAt, kept);
    }

    private void writeAttribute(Output out, RawClass raw, int name, int kind, int offset, int length) {
        out.u2(name);
        int lengthAt = out.size();
        out.u4(0);
        switch (kind) {
            case CodeTables.STACK_MAP_TABLE -> writeFrames(out, raw);
            case CodeTables.LINE_NUMBERS -> tables.lineNumbers(bytes, offset, length);
            case CodeTables.LOCAL_VARIABLES -> tables.localVariables(bytes, offset, length);
            case CodeTables.TYPE_ANNOTATIONS -> tables.typeAnnotations(bytes, offset, length);
            default -> out.put(bytes, offset, length);
        }
        out.setU4(lengthAt, out.size() - lengthAt - 4);
    }

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
        for (int event = 0; event < map.count() && handlerLength > 0; event++) {
            if ((map.flags[event] & HANDLER) != 0) {
                frameWriter.add(map.labelOf(event) - map.handlerLength[event], FrameWriter.AS_AT, map.bci[event]);
            }
        }
        for (int i = 0; i < islands.count(); i++) {
            frameWriter.add(islands.position(i), FrameWriter.AS_AT, islands.target(i));
        }
        if (throwOutLength > 0) {
            frameWriter.add(end, FrameWriter.CATCH_ALL, -1);
            addCatchAllLocals();
        }
        if (saved.addedCount() > 0) {
            frameWriter.addLocals(saved);
        }
    }

    /** Declares {@code this} and parameters in the catch-all's frame where its snippets read their own variables. */
    private void addCatchAllLocals() {
        int used = saved.ownVariablesUsed(plan.throwOut);
        if (used == 0) {
            return;
        }
        frameReader.start(method);
        boolean instance = !Modifier.isStatic(raw().memberFlags(method));
        for (int i = 0; i < used; i++) {
            int type = frameReader.local(i);
            boolean isThis = instance && i == 0;
            if (saved.isOwnVariableUsed(plan.throwOut, isThis ? -1 : instance ? i - 1 : i)) {
                int initialized = FrameReader.OBJECT | raw().u2(raw().constantPoolEnd() + 2) << 8;
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
        frameReader.start(method);
        return frameReader.next() && frameReader.bci() == 0;
    }

    private void writeFrames(Output out, RawClass raw) {
        if (saved.addedCount() > 0 || islands.count() > 0 || handlerLength > 0) {
            frameWriter.expand(out, raw, method, 8 * bytes.length + (1 << 16));
        } else {
            frameWriter.shift(out, raw);
        }
    }

    private RawClass raw() {
        if (currentClass == null) {
            throw new IllegalStateException("no method started");
        }
        return currentClass;
    }
}

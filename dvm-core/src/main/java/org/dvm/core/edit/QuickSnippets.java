package org.dvm.core.edit;

import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * The snippets of a plan for {@link QuickSplicer}, compiled one after another into the assembler's buffer: those of
 * entry, exits and branches back at once, others when the scan first comes to a place of theirs.
 */
final class QuickSnippets {
    private static final String THROWABLE = "Ljava/lang/Throwable;";
    private static final int NOWHERE = Integer.MAX_VALUE;

    private final Assembler assembler;
    private final MethodPlan plan;
    private final Output code;
    private @Nullable SnippetCompiler compiler;
    private @Nullable SavedValues variables;

    // Where the snippets of each place end in the buffer: each starts where the one before ends.
    private int entryEnd;
    private int exitEnd;
    private int backEdgeEnd;
    private int throwOutEnd;

    private int wholeStack;
    private int aboveStack;

    // How far the scan has come through the items, and the snippet that it met last.
    private int nextItem;
    private @Nullable Snippet lastSnippet;
    private int lastStart;
    private int lastEnd;

    // Snippets before every instruction of a set: the sets, and where the snippets lie, -1 for those not met yet.
    private int setCount;
    private OpcodeSet[] sets = {};
    private int[] setStarts = {};
    private int[] setEnds = {};
    private byte[] steps = Bytecode.STEPS;
    private byte[] mergedSteps = {};

    QuickSnippets(Assembler assembler, MethodPlan plan) {
        this.assembler = assembler;
        this.plan = plan;
        this.code = assembler.code();
    }

    /** Compiles the snippets of a method that stand in many places. */
    void compile(RawClass raw, RawClass.Member method, int maxLocals) {
        assembler.start(maxLocals);
        compileGroup(MethodEdits.ENTRY);
        entryEnd = code.size();
        wholeStack = assembler.takeMaxDepth();
        compileGroup(MethodEdits.RETURN);
        exitEnd = code.size();
        compileGroup(MethodEdits.BACK_EDGE);
        backEdgeEnd = code.size();
        aboveStack = assembler.takeMaxDepth();
        if (!plan.isEmpty(MethodEdits.THROW_OUT)) {
            compileThrowOut(raw, method, maxLocals);
        }
        throwOutEnd = code.size();
        nextItem = 0;
        lastSnippet = null;
        setCount = plan.everyCount();
        steps = setCount == 0 ? Bytecode.STEPS : startSets();
    }

    private void compileGroup(int place) {
        for (int i = 0; i < plan.count(place); i++) {
            assembler.startGroup();
            assembler.plainCall(plan.snippet(place, i));
        }
    }

    /** Compiles the handler of exceptions that leave the method; only the exception is on its stack. */
    private void compileThrowOut(RawClass raw, RawClass.Member method, int maxLocals) {
        SnippetCompiler compiler = this.compiler;
        SavedValues variables = this.variables;
        if (compiler == null || variables == null) {
            compiler = new SnippetCompiler(assembler);
            variables = new SavedValues();
            this.compiler = compiler;
            this.variables = variables;
        }
        variables.startWithout(maxLocals);
        compiler.startMethod(raw, method, variables);
        for (int i = 0; i < plan.count(MethodEdits.THROW_OUT); i++) {
            compiler.startGroup();
            compiler.snippet(plan.snippet(MethodEdits.THROW_OUT, i), THROWABLE);
        }
        code.u1(Bytecode.ATHROW);
        wholeStack = Math.max(wholeStack, 1 + assembler.takeMaxDepth());
    }

    private byte[] startSets() {
        if (sets.length < setCount) {
            sets = new OpcodeSet[setCount];
            setStarts = new int[setCount];
            setEnds = new int[setCount];
        }
        boolean same = true;
        for (int i = 0; i < setCount; i++) {
            sets[i] = plan.everySet(i);
            setStarts[i] = -1;
            same &= sets[i] == sets[0];
        }
        return same ? sets[0].steps() : mergedSteps();
    }

    private byte[] mergedSteps() {
        if (mergedSteps.length == 0) {
            mergedSteps = new byte[Bytecode.STEPS.length];
        }
        System.arraycopy(Bytecode.STEPS, 0, mergedSteps, 0, mergedSteps.length);
        for (int i = 0; i < setCount; i++) {
            byte[] of = sets[i].steps();
            for (int opcode = 0; opcode < of.length; opcode++) {
                if (of[opcode] == 0) {
                    mergedSteps[opcode] = 0;
                }
            }
        }
        return mergedSteps;
    }

    /**
     * Returns the stack entries that the method needs with the snippets compiled so far.
     *
     * @param ofMethod what it needs itself
     */
    int maxStack(int ofMethod) {
        aboveStack = Math.max(aboveStack, assembler.takeMaxDepth());
        return Math.max(wholeStack, ofMethod + aboveStack);
    }

    int maxLocals() {
        return assembler.maxLocals();
    }

    // ---- places that many snippets share ----

    int entryLength() {
        return entryEnd;
    }

    int exitLength() {
        return exitEnd - entryEnd;
    }

    int backEdgeLength() {
        return backEdgeEnd - exitEnd;
    }

    int throwOutLength() {
        return throwOutEnd - backEdgeEnd;
    }

    void putEntry(Output out) {
        out.put(code.array(), 0, entryEnd);
    }

    void putExit(Output out) {
        out.put(code.array(), entryEnd, exitEnd - entryEnd);
    }

    void putBackEdge(Output out) {
        out.put(code.array(), exitEnd, backEdgeEnd - exitEnd);
    }

    void putThrowOut(Output out) {
        out.put(code.array(), backEdgeEnd, throwOutEnd - backEdgeEnd);
    }

    // ---- single instructions ----

    /** Returns the bci of the next item; a large number where there is none. */
    int nextItem() {
        return nextItem < plan.itemCount() ? plan.itemBci(nextItem) : NOWHERE;
    }

    /** Puts all items at the next item's bci and returns their length. */
    int putItems(Output out) {
        int bci = nextItem();
        int length = 0;
        do {
            Snippet snippet = plan.itemSnippet(nextItem++);
            if (snippet != lastSnippet) {
                lastSnippet = snippet;
                lastStart = code.size();
                compile(snippet);
                lastEnd = code.size();
            }
            out.put(code.array(), lastStart, lastEnd - lastStart);
            length += lastEnd - lastStart;
        } while (nextItem() == bci);
        return length;
    }

    private void compile(Snippet snippet) {
        assembler.startGroup();
        assembler.plainCall(snippet);
    }

    // ---- sets of instructions ----

    /** Returns for each opcode how far to go to the next instruction, or 0 where the scan must stop. */
    byte[] steps() {
        return steps;
    }

    boolean stopsAtSets() {
        return setCount > 0;
    }

    boolean isInSets(int opcode) {
        for (int i = 0; i < setCount; i++) {
            if (sets[i].contains(opcode)) {
                return true;
            }
        }
        return false;
    }

    /** Puts what stands before every instruction of that opcode and returns its length. */
    int putOfSets(int opcode, Output out) {
        int length = 0;
        for (int i = 0; i < setCount; i++) {
            if (sets[i].contains(opcode)) {
                if (setStarts[i] < 0) {
                    setStarts[i] = code.size();
                    compile(plan.everySnippet(i));
                    setEnds[i] = code.size();
                }
                out.put(code.array(), setStarts[i], setEnds[i] - setStarts[i]);
                length += setEnds[i] - setStarts[i];
            }
        }
        return length;
    }
}

package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled snippets of a method: those of entry, exits, back-edges and handlers compiled once however many places
 * they have, those of single instructions one by one, all in one buffer.
 */
final class PlacedSnippets {
    private static final String THROWABLE = "Ljava/lang/Throwable;";

    /** How hard to try to stay small. */
    enum Effort {
        /** Insertions stand where they belong. */
        INLINE,
        /** Insertions call helper methods that hold what they can. */
        OUTLINED
    }

    /** A stretch of the buffer. */
    static final class Piece {
        int offset;
        int length;

        boolean isEmpty() {
            return length == 0;
        }
    }

    final Piece entry = new Piece();
    /** What runs when {@code super()} or {@code this()} has returned. */
    final Piece initialized = new Piece();

    final Piece exit = new Piece();
    final Piece backEdge = new Piece();
    final Piece handler = new Piece();
    /** The handler of exceptions that leave the method, which throws them on. */
    final Piece throwOut = new Piece();
    /** The same for those that leave a constructor before {@code super()} is called; it stands behind the other. */
    final Piece throwBeforeSuper = new Piece();

    private final MethodPlan plan;
    private final SavedValues saved;
    private final SnippetCompiler compiler;
    private final Assembler assembler;
    private final HelperMethods helpers;
    private final ArrayList<Snippet> group = new ArrayList<>();
    private final ArrayList<Snippet> atInstruction = new ArrayList<>();

    private boolean outlining;
    private int wholeStack;
    private int aboveStack;

    // The snippet before an instruction compiled last, if it needs nothing of its place.
    private @Nullable Snippet lastAlone;
    private final Piece alone = new Piece();

    PlacedSnippets(MethodPlan plan, SavedValues saved, SnippetCompiler compiler, HelperMethods helpers) {
        this.plan = plan;
        this.saved = saved;
        this.compiler = compiler;
        this.assembler = compiler.assembler();
        this.helpers = helpers;
    }

    /** Returns the buffer in which the pieces lie. */
    byte[] bytes() {
        return assembler.code().array();
    }

    int size() {
        return assembler.code().size();
    }

    /**
     * Returns the stack entries that snippets need above those of the method; and, for those that stand where the method
     * has nothing on its stack, in all.
     */
    int maxStack(int ofMethod) {
        aboveStack = Math.max(aboveStack, assembler.takeMaxDepth());
        return Math.max(wholeStack, ofMethod + aboveStack);
    }

    // ---- snippets that stand in many places ----

    /**
     * Compiles what stands in many places.
     *
     * @param returned descriptor of the method's result, null if no snippet uses it
     */
    void compileShared(boolean constructor, @Nullable String returned, Effort effort) {
        outlining = effort == Effort.OUTLINED;
        lastAlone = null;
        compileEntry(constructor);
        end(entry, 0);
        wholeStack = assembler.takeMaxDepth();
        int offset = size();
        if (constructor && saved.thisCopy() >= 0) {
            compiler.startGroup();
            assembler.copy('L', 0, saved.thisCopy());
        }
        compileGroup(MethodEdits.ENTRY_INITIALIZED, null);
        end(initialized, offset);
        offset = size();
        compileGroup(MethodEdits.RETURN, "V".equals(returned) ? null : returned);
        end(exit, offset);
        offset = size();
        compileGroup(MethodEdits.BACK_EDGE, null);
        end(backEdge, offset);
        aboveStack = assembler.takeMaxDepth();
        // In a handler only the exception is on the stack.
        offset = size();
        compileGroup(MethodEdits.HANDLER, THROWABLE);
        end(handler, offset);
        compileThrow(MethodEdits.THROW_OUT, throwOut);
        compileThrow(MethodEdits.THROW_BEFORE_SUPER, throwBeforeSuper);
        if (handler.length + throwOut.length + throwBeforeSuper.length > 0) {
            wholeStack = Math.max(wholeStack, 1 + assembler.takeMaxDepth());
        }
    }

    private void compileThrow(int place, Piece piece) {
        int offset = size();
        compileGroup(place, THROWABLE);
        if (size() > offset) {
            assembler.code().u1(Bytecode.ATHROW);
        }
        end(piece, offset);
    }

    /** Returns whether handlers of exceptions that leave the method are added. */
    boolean catchesAll() {
        return throwOut.length + throwBeforeSuper.length > 0;
    }

    private void end(Piece piece, int offset) {
        piece.offset = offset;
        piece.length = size() - offset;
    }

    private void compileEntry(boolean constructor) {
        compiler.startGroup();
        for (int i = 0; i < saved.addedCount(); i++) {
            char kind = saved.addedType(i).charAt(0);
            int slot = saved.addedSlot(i);
            int parameter = saved.parameterOf(slot);
            if (parameter >= 0) {
                assembler.copy(kind, saved.ownSlot(parameter), slot);
            } else if (slot == saved.thisCopy() && !constructor) {
                assembler.copy(kind, 0, slot);
            } else {
                assembler.initialize(kind, slot);
            }
        }
        int count = plan.count(MethodEdits.ENTRY);
        for (int i = 0; i < count; ) {
            Snippet snippet = plan.snippet(MethodEdits.ENTRY, i);
            OnceGuard guard = snippet.guard();
            if (guard == null) {
                compiler.startGroup();
                compile(prepared(snippet), null);
                i++;
            } else {
                List<Snippet> guarded = guardedFrom(i, count);
                compiler.startGroup();
                if (outlining) {
                    prepareGroup(guarded);
                    compile(group.get(0), null);
                } else {
                    compiler.guardedAtEntry(guard, guarded);
                }
                i += guarded.size();
            }
        }
    }

    /** Returns the run of snippets at entry that share the guard of the one at that index. */
    private List<Snippet> guardedFrom(int from, int count) {
        List<Snippet> rest = new ArrayList<>();
        for (int i = from; i < count; i++) {
            rest.add(plan.snippet(MethodEdits.ENTRY, i));
        }
        return rest.subList(0, endOfGuarded(rest, 0));
    }

    private void compile(Snippet snippet, @Nullable String atHand) {
        if (snippet.isPlainCall()) {
            assembler.plainCall(snippet);
        } else {
            compiler.snippet(snippet, atHand);
        }
    }

    /** Compiles the snippets of a place that stand together. */
    private void compileGroup(int place, @Nullable String atHand) {
        int count = plan.count(place);
        if (count > 0) {
            atInstruction.clear();
            for (int i = 0; i < count; i++) {
                atInstruction.add(plan.snippet(place, i));
            }
            compileGroup(atInstruction, atHand);
        }
    }

    /** Compiles snippets that stand together. */
    private void compileGroup(List<Snippet> snippets, @Nullable String atHand) {
        prepareGroup(snippets);
        for (int i = 0; i < group.size(); i++) {
            compiler.startGroup();
            compile(group.get(i), atHand);
        }
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

    /** Returns where the run of snippets ends that share the guard of the one at that index. */
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

    // ---- snippets at one instruction ----

    /**
     * Compiles what stands before an instruction.
     *
     * @param from number of the first item of the plan
     * @param to number after the last one
     * @return the piece, valid until the next call
     */
    Piece compileBefore(OriginalCode code, int from, int to, int bci) {
        if (to == from + 1 && plan.itemPlace(from) != MethodEdits.BEFORE_CALL) {
            compileAlone(plan.itemSnippet(from));
            return alone;
        }
        lastAlone = null;
        int offset = size();
        boolean atCall = false;
        atInstruction.clear();
        for (int i = from; i < to; i++) {
            atCall |= plan.itemPlace(i) == MethodEdits.BEFORE_CALL;
            atInstruction.add(plan.itemSnippet(i));
        }
        prepareGroup(atInstruction);
        compiler.startGroup();
        if (atCall) {
            compiler.beforeCall(CallSite.at(code.raw(), code.at(bci)), group);
        } else {
            for (int i = 0; i < group.size(); i++) {
                compiler.startGroup();
                compile(group.get(i), null);
            }
        }
        end(alone, offset);
        return alone;
    }

    /** Compiles a snippet that needs nothing of its place; filters that use one for many places pay once. */
    private void compileAlone(Snippet snippet) {
        if (snippet != lastAlone) {
            int offset = size();
            atInstruction.clear();
            atInstruction.add(snippet);
            compileGroup(atInstruction, null);
            end(alone, offset);
            lastAlone = snippet;
        }
    }

    /** Appends what runs when {@code super()} or {@code this()} has returned. */
    void appendInitialized() {
        assembler.code().put(bytes(), initialized.offset, initialized.length);
    }

    /** Compiles one item of the plan that stands behind an instruction. */
    void compileAfter(OriginalCode code, int item, int bci) {
        String atHand = null;
        if (plan.itemPlace(item) == MethodEdits.AFTER_CALL) {
            String type =
                    Descriptors.returnType(CallSite.at(code.raw(), code.at(bci)).descriptor());
            atHand = type.equals("V") ? null : type;
        }
        atInstruction.clear();
        atInstruction.add(plan.itemSnippet(item));
        compileGroup(atInstruction, atHand);
    }
}

package org.dvm.core.edit;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * The insertions that a filter asks for in one method. Positions are byte indices (bci) of instructions in the
 * <em>original</em> code.
 *
 * <p>Order: at one place the snippets of one filter run in the order in which they were asked for. Those of later
 * filters nest around those of earlier ones: before something they come first, after it and before exits they come last;
 * so that with filters A and B the method runs {@code B.entry A.entry body A.exit B.exit}.
 *
 * <p>What is inserted before an instruction belongs to it: branches to the instruction run it, and exception handlers
 * that cover the instruction cover it. What is inserted after an instruction is covered by the handlers of that
 * instruction. Entry and exit snippets that throw do not run the method's exit snippets.
 *
 * <p>Methods without code (abstract, native) have no places; asking for an insertion in one is refused.
 *
 * <p><b>Threads:</b> confined to the thread that runs the pipeline for this class.
 */
public final class MethodEdits {
    // Places. Numbers rather than an enum: a switch over them needs no further class.
    static final int ENTRY = 0;
    static final int ENTRY_INITIALIZED = 1;
    static final int RETURN = 2;
    static final int THROW_OUT = 3;
    static final int BACK_EDGE = 4;
    static final int HANDLER = 5;
    static final int THROW_BEFORE_SUPER = 6;
    /** From here on places are at one instruction. */
    static final int BEFORE = 7;

    static final int AFTER = 8;
    static final int BEFORE_CALL = 9;
    static final int AFTER_CALL = 10;
    /** Before every instruction of some opcodes. */
    static final int BEFORE_EVERY = 11;

    private static final int PLACE_BITS = 4;
    /** Most filters ask for entry and exits. */
    private static final int FEW = 2;

    private static final Snippet[] NO_SNIPPETS = {};
    private static final int[] NOWHERE = {};

    /** A call site redirected to a static method that takes the receiver, if any, as its first parameter. */
    record CallReplacement(int bci, StaticMember method) {}

    /** What few filters ask for. */
    private static final class Extras {
        final List<CallReplacement> replacements = new ArrayList<>(0);
        final List<LocalVariable> locals = new ArrayList<>(0);
        final List<OpcodeSet> sets = new ArrayList<>(0);

        @Nullable
        ConstructorFlow flow;
    }

    private final ClassEdits owner;
    private final RawClass.Member method;
    private int count;
    /** The places that insertions stand at, a bit each. */
    private short places;
    /** Whether no insertion needs anything of the method but that an exception is at hand where one leaves it. */
    private boolean plain = true;

    private Snippet[] snippets = NO_SNIPPETS;
    /** For each insertion {@code bci << 4 | place}; where the place needs a set of opcodes, that one's number for a bci. */
    private int[] where = NOWHERE;

    private @Nullable Extras extras;

    MethodEdits(ClassEdits owner, RawClass.Member method) {
        this.owner = owner;
        this.method = method;
    }

    /**
     * Inserts before the first instruction, once a call; a branch back to the first instruction doesn't run it. In
     * constructors that is before everything, where {@code this} is not available.
     */
    public void atEntry(Snippet snippet) {
        add(ENTRY, 0, snippet);
    }

    /** Inserts at entry, in constructors after {@code super()} or {@code this()}, so that {@code this} is available. */
    public void atInitializedEntry(Snippet snippet) {
        add(ENTRY_INITIALIZED, 0, snippet);
    }

    /** Inserts before every return. */
    public void atReturn(Snippet snippet) {
        add(RETURN, 0, snippet);
    }

    /**
     * Inserts where an exception leaves the method, thrown by it or passing through; the exception then goes on. In
     * constructors only once {@code super()} or {@code this()} has returned: no handler may stand over that call.
     *
     * @jvms 4.10.2.4
     */
    public void atThrowOut(Snippet snippet) {
        add(THROW_OUT, 0, snippet);
    }

    /**
     * Inserts where an exception leaves a constructor before {@code super()} or {@code this()} is called; not one that
     * the call throws. {@code this} and parameters are not available. Nowhere in other methods; nor where the code has
     * moved {@code this} out of the first variable, as no compiler does.
     */
    public void atThrowBeforeSuper(Snippet snippet) {
        add(THROW_BEFORE_SUPER, 0, snippet);
    }

    /** Inserts before every return and where an exception leaves the method, as by try and finally. */
    public void atEveryExit(Snippet snippet) {
        atReturn(snippet);
        atThrowOut(snippet);
    }

    /** Inserts before the instruction at that bci; branches to it run the insertion, too. */
    public void before(int bci, Snippet snippet) {
        add(BEFORE, checkedBci(bci), snippet);
    }

    /** Inserts after the instruction at that bci; nothing where it never falls through (a return, goto or throw). */
    public void after(int bci, Snippet snippet) {
        add(AFTER, checkedBci(bci), snippet);
    }

    /**
     * Inserts before every instruction that is one of a set, as {@link #before} does for one. In constructors
     * {@code this} is not available.
     */
    public void beforeEvery(OpcodeSet instructions, Snippet snippet) {
        requireNonNull(instructions, "instructions");
        checkHasCode();
        List<OpcodeSet> sets = extras().sets;
        add(BEFORE_EVERY, sets.size(), snippet);
        sets.add(instructions);
    }

    /** Inserts before the call at that bci; {@link Value#receiver()} and {@link Value#callArgument} are available. */
    public void beforeCall(int bci, Snippet snippet) {
        add(BEFORE_CALL, checkedCall(bci), snippet);
    }

    /** Inserts after the call at that bci has returned normally; {@link Value#returnValue()} is its result. */
    public void afterCall(int bci, Snippet snippet) {
        add(AFTER_CALL, checkedCall(bci), snippet);
    }

    /**
     * Redirects the call at that bci to a static method.
     *
     * @param bci where the call stands; not that of a constructor or an {@code invokedynamic}
     * @param owner internal name of the class that declares the method
     * @param name the method's name
     * @param descriptor the static method's whole descriptor: the call's, with the receiver, if any, prepended
     * @throws IllegalArgumentException if the descriptor's parameters don't take what is on the stack, or its return
     *     type differs from the call's
     */
    public void replaceCall(int bci, String owner, String name, String descriptor) {
        int at = raw().codeStart(method) + checkedCall(bci);
        CallSite site = CallSite.at(raw(), at);
        if (site.isDynamic() || site.isConstructor()) {
            throw new IllegalArgumentException("only calls of ordinary methods can be redirected: bci=" + bci);
        }
        int slots = Descriptors.parameterSlots(site.descriptor()) + (site.hasReceiver() ? 1 : 0);
        StaticMember replacement = StaticMember.method(owner, name, descriptor);
        if (replacement.argumentSlots() != slots
                || !replacement.returnType().equals(Descriptors.returnType(site.descriptor()))) {
            throw new IllegalArgumentException("the static method must take receiver and arguments of the call and"
                    + " return its type: call=" + site.descriptor() + " replacement=" + descriptor);
        }
        extras().replacements.add(new CallReplacement(bci, replacement));
        plain = false;
        this.owner.methodEdited();
    }

    /** Inserts on every backward branch, when it is taken. */
    public void atBackEdges(Snippet snippet) {
        add(BACK_EDGE, 0, snippet);
    }

    /** Inserts at the start of every exception handler, with the exception at hand. */
    public void atHandlers(Snippet snippet) {
        add(HANDLER, 0, snippet);
    }

    /**
     * Adds a local variable, at first 0 or null.
     *
     * @param descriptor the field descriptor of its type
     */
    public LocalVariable newLocal(String descriptor) {
        checkHasCode();
        LocalVariable local = new LocalVariable(descriptor);
        extras().locals.add(local);
        plain = false;
        return local;
    }

    /** Returns whether nothing was asked for. */
    public boolean isEmpty() {
        return count == 0 && (extras == null || extras.replacements.isEmpty());
    }

    private void add(int place, int number, Snippet snippet) {
        checkHasCode();
        if (!snippet.fitsEverywhere()) {
            SnippetCheck.check(this, place, number, snippet);
        }
        int index = count;
        if (index == snippets.length) {
            grow(index);
        }
        snippets[index] = snippet;
        where[index] = number << PLACE_BITS | place;
        count = index + 1;
        places |= (short) (1 << place);
        plain &= snippet.isPlainCall() || place == THROW_OUT && snippet.isCallAnywhere();
        owner.methodEdited();
    }

    private void grow(int filled) {
        int length = filled == 0 ? FEW : 4 * filled; // a filter that asks for more than a few goes by instructions
        snippets = Arrays.copyOf(snippets, length);
        where = Arrays.copyOf(where, length);
    }

    private Extras extras() {
        Extras made = extras;
        if (made == null) {
            made = new Extras();
            extras = made;
        }
        return made;
    }

    private void checkHasCode() {
        if (method.codeOffset() < 0) {
            throw new IllegalArgumentException("the method has no code: " + this);
        }
    }

    private int checkedBci(int bci) {
        checkHasCode();
        if (bci < 0 || bci >= raw().codeLength(method)) {
            throw new IllegalArgumentException(
                    "no instruction there: bci=" + bci + " code_length=" + raw().codeLength(method) + " in " + this);
        }
        return bci;
    }

    private int checkedCall(int bci) {
        if (!Bytecode.isCall(raw().u1(raw().codeStart(method) + checkedBci(bci)))) {
            throw new IllegalArgumentException("no call there: bci=" + bci + " in " + this);
        }
        return bci;
    }

    // ---- what the writer asks ----

    /** Returns the number of insertions. */
    int count() {
        return count;
    }

    /** Returns the places at which insertions stand: for each a bit of its number. */
    int places() {
        return places;
    }

    /** Returns whether no insertion needs anything of the method but an exception at hand where one leaves it. */
    boolean isPlain() {
        return plain;
    }

    Snippet snippet(int index) {
        return snippets[index];
    }

    int place(int index) {
        return where[index] & (1 << PLACE_BITS) - 1;
    }

    /** Returns the instruction of an insertion whose place is at one. */
    int bci(int index) {
        return where[index] >>> PLACE_BITS;
    }

    /** Returns the opcodes of an insertion before every instruction of some. */
    OpcodeSet set(int index) {
        return extras().sets.get(where[index] >>> PLACE_BITS);
    }

    List<CallReplacement> replacements() {
        return extras == null ? List.of() : extras.replacements;
    }

    List<LocalVariable> locals() {
        return extras == null ? List.of() : extras.locals;
    }

    RawClass raw() {
        return owner.original();
    }

    RawClass.Member method() {
        return method;
    }

    boolean isStatic() {
        return Modifier.isStatic(raw().memberFlags(method));
    }

    boolean isConstructor() {
        return raw().memberName(method).equals("<init>");
    }

    String descriptor() {
        return raw().memberDescriptor(method);
    }

    /**
     * Returns where {@code this} is initialized; for constructors.
     *
     * @throws IllegalArgumentException if the constructor's code is malformed
     */
    ConstructorFlow flow() {
        Extras found = extras();
        ConstructorFlow flow = found.flow;
        if (flow == null) {
            OriginalCode code = new OriginalCode();
            try {
                code.start(raw(), method);
                flow = ConstructorFlow.of(code);
            } catch (DoesNotFit e) {
                throw new IllegalArgumentException(e.text() + ": " + this, e);
            }
            found.flow = flow;
        }
        return flow;
    }

    @Override
    public String toString() {
        return raw().className() + "." + raw().memberName(method) + raw().memberDescriptor(method);
    }
}

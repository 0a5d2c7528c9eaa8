package org.dvm.core.edit;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
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
    /** Where an insertion stands. */
    public enum Place {
        /** Before the first instruction, once a call; a branch back to the first instruction doesn't run it. In
         * constructors before everything, {@code this} is not available. */
        ENTRY,
        /** In constructors after {@code super()} or {@code this()} has returned; elsewhere the same as ENTRY. */
        ENTRY_INITIALIZED,
        /** Before every return instruction. */
        RETURN,
        /** When an exception leaves the method, thrown by it or passing through. In constructors only once
         * {@code super()} or {@code this()} has returned: no handler may stand over that call. */
        THROW_OUT,
        /** In constructors, when an exception leaves the method before {@code super()} or {@code this()} is called; not
         * one that the call throws. {@code this} and parameters are not available. Nowhere else; nor where the code has
         * moved {@code this} out of the first variable, as no compiler does. */
        THROW_BEFORE_SUPER,
        /** Before one instruction; branches to it run the insertion, too. */
        BEFORE,
        /** After one instruction, when it completes normally and falls through. */
        AFTER,
        /** Before a call instruction, with receiver and arguments at hand. */
        BEFORE_CALL,
        /** After a call has returned normally, with its result at hand as the return value. */
        AFTER_CALL,
        /** On every backward branch, when it is taken. */
        BACK_EDGE,
        /** At the start of every exception handler, with the exception at hand. */
        HANDLER
    }

    /** One insertion: where, at which instruction (-1 where the place needs none), and what. */
    public record Insertion(Place place, int bci, Snippet snippet) {}

    /** A call site redirected to a static method that takes the receiver, if any, as its first parameter. */
    public record CallReplacement(int bci, String owner, String name, String descriptor) {}

    /** Most filters ask for entry and exits. */
    private static final int FEW_INSERTIONS = 2;

    private final RawClass raw;
    private final RawClass.Member method;
    private @Nullable ArrayList<Insertion> insertions;
    private @Nullable ArrayList<CallReplacement> replacements;
    private @Nullable ArrayList<LocalVariable> locals;
    private @Nullable ConstructorFlow flow;

    MethodEdits(RawClass raw, RawClass.Member method) {
        this.raw = raw;
        this.method = method;
    }

    /** Inserts at the method's entry; {@code this} is available unless the method is a constructor or static. */
    public void atEntry(Snippet snippet) {
        add(Place.ENTRY, -1, snippet);
    }

    /** Inserts at entry, in constructors after {@code super()} or {@code this()}, so that {@code this} is available. */
    public void atInitializedEntry(Snippet snippet) {
        add(Place.ENTRY_INITIALIZED, -1, snippet);
    }

    /** Inserts before every return. */
    public void atReturn(Snippet snippet) {
        add(Place.RETURN, -1, snippet);
    }

    /** Inserts where an exception leaves the method; the exception then goes on. */
    public void atThrowOut(Snippet snippet) {
        add(Place.THROW_OUT, -1, snippet);
    }

    /** Inserts where an exception leaves a constructor before {@code super()} or {@code this()} is called. */
    public void atThrowBeforeSuper(Snippet snippet) {
        add(Place.THROW_BEFORE_SUPER, -1, snippet);
    }

    /** Inserts before every return and where an exception leaves the method, as by try and finally. */
    public void atEveryExit(Snippet snippet) {
        atReturn(snippet);
        atThrowOut(snippet);
    }

    /** Inserts before the instruction at that bci. */
    public void before(int bci, Snippet snippet) {
        add(Place.BEFORE, checkedBci(bci), snippet);
    }

    /** Inserts after the instruction at that bci; nothing where it never falls through (a return, goto or throw). */
    public void after(int bci, Snippet snippet) {
        add(Place.AFTER, checkedBci(bci), snippet);
    }

    /** Inserts before the call at that bci; {@link Value#receiver()} and {@link Value#callArgument} are available. */
    public void beforeCall(int bci, Snippet snippet) {
        add(Place.BEFORE_CALL, checkedCall(bci), snippet);
    }

    /** Inserts after the call at that bci; {@link Value#returnValue()} is its result. */
    public void afterCall(int bci, Snippet snippet) {
        add(Place.AFTER_CALL, checkedCall(bci), snippet);
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
        int at = raw.codeStart(method) + checkedCall(bci);
        CallSite site = CallSite.at(raw, at);
        if (site.isDynamic() || site.isConstructor()) {
            throw new IllegalArgumentException("only calls of ordinary methods can be redirected: bci=" + bci);
        }
        int slots = Descriptors.parameterSlots(site.descriptor()) + (site.hasReceiver() ? 1 : 0);
        if (Descriptors.parameterSlots(descriptor) != slots
                || !Descriptors.returnType(descriptor).equals(Descriptors.returnType(site.descriptor()))) {
            throw new IllegalArgumentException("the static method must take receiver and arguments of the call and"
                    + " return its type: call=" + site.descriptor() + " replacement=" + descriptor);
        }
        if (replacements == null) {
            replacements = new ArrayList<>();
        }
        replacements.add(new CallReplacement(bci, owner, name, descriptor));
    }

    /** Inserts on every backward branch. */
    public void atBackEdges(Snippet snippet) {
        add(Place.BACK_EDGE, -1, snippet);
    }

    /** Inserts at the start of every exception handler. */
    public void atHandlers(Snippet snippet) {
        add(Place.HANDLER, -1, snippet);
    }

    /**
     * Adds a local variable, at first 0 or null.
     *
     * @param descriptor the field descriptor of its type
     */
    public LocalVariable newLocal(String descriptor) {
        checkHasCode();
        LocalVariable local = new LocalVariable(descriptor);
        if (locals == null) {
            locals = new ArrayList<>();
        }
        locals.add(local);
        return local;
    }

    /** Returns whether nothing was asked for. */
    public boolean isEmpty() {
        return insertions == null && replacements == null;
    }

    List<Insertion> insertions() {
        return insertions == null ? List.of() : insertions;
    }

    List<CallReplacement> replacements() {
        return replacements == null ? List.of() : replacements;
    }

    List<LocalVariable> locals() {
        return locals == null ? List.of() : locals;
    }

    private void add(Place place, int bci, Snippet snippet) {
        checkHasCode();
        SnippetCheck.check(this, place, bci, snippet);
        if (insertions == null) {
            insertions = new ArrayList<>(FEW_INSERTIONS);
        } else if (insertions.size() == FEW_INSERTIONS) {
            insertions.ensureCapacity(8 * FEW_INSERTIONS); // a filter that goes by instructions
        }
        insertions.add(new Insertion(place, bci, snippet));
    }

    private void checkHasCode() {
        if (method.codeOffset() < 0) {
            throw new IllegalArgumentException("the method has no code: " + this);
        }
    }

    private int checkedBci(int bci) {
        checkHasCode();
        if (bci < 0 || bci >= raw.codeLength(method)) {
            throw new IllegalArgumentException(
                    "no instruction there: bci=" + bci + " code_length=" + raw.codeLength(method) + " in " + this);
        }
        return bci;
    }

    private int checkedCall(int bci) {
        if (!Bytecode.isCall(raw.u1(raw.codeStart(method) + checkedBci(bci)))) {
            throw new IllegalArgumentException("no call there: bci=" + bci + " in " + this);
        }
        return bci;
    }

    RawClass raw() {
        return raw;
    }

    RawClass.Member method() {
        return method;
    }

    boolean isStatic() {
        return Modifier.isStatic(raw.memberFlags(method));
    }

    boolean isConstructor() {
        return raw.memberName(method).equals("<init>");
    }

    String descriptor() {
        return raw.memberDescriptor(method);
    }

    /**
     * Returns where {@code this} is initialized; for constructors.
     *
     * @throws IllegalArgumentException if the constructor's code is malformed
     */
    ConstructorFlow flow() {
        if (flow == null) {
            OriginalCode code = new OriginalCode();
            try {
                code.start(raw, method);
                flow = ConstructorFlow.of(code);
            } catch (DoesNotFit e) {
                throw new IllegalArgumentException(e.text() + ": " + this, e);
            }
        }
        return flow;
    }

    @Override
    public String toString() {
        return raw.className() + "." + raw.memberName(method) + raw.memberDescriptor(method);
    }
}

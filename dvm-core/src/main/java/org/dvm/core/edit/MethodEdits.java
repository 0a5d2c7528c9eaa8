package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.List;

/**
 * The insertions that filters ask for in one method. Positions are byte indices (bci) of instructions in the
 * <em>original</em> code.
 *
 * <p>Order: at one position insertions of later filters nest around those of earlier ones - before it they come first
 * the later they were asked for at entry and before exits they come after; so that with filters A and B the method runs
 * {@code B.entry A.entry body A.exit B.exit}.
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
        /** When an exception leaves the method, thrown by it or passing through. */
        THROW_OUT,
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

    private final List<Insertion> insertions = new ArrayList<>();
    private final List<CallReplacement> replacements = new ArrayList<>();
    private final List<LocalVariable> locals = new ArrayList<>();

    MethodEdits() {}

    /** Inserts at the method's entry; {@code this} is available unless the method is a constructor or static. */
    public void atEntry(Snippet snippet) {
        insertions.add(new Insertion(Place.ENTRY, -1, snippet));
    }

    /** Inserts at entry, in constructors after {@code super()} or {@code this()}, so that {@code this} is available. */
    public void atInitializedEntry(Snippet snippet) {
        insertions.add(new Insertion(Place.ENTRY_INITIALIZED, -1, snippet));
    }

    /** Inserts before every return. */
    public void atReturn(Snippet snippet) {
        insertions.add(new Insertion(Place.RETURN, -1, snippet));
    }

    /** Inserts where an exception leaves the method; the exception then goes on. */
    public void atThrowOut(Snippet snippet) {
        insertions.add(new Insertion(Place.THROW_OUT, -1, snippet));
    }

    /** Inserts before every return and where an exception leaves the method, as by try and finally. */
    public void atEveryExit(Snippet snippet) {
        atReturn(snippet);
        atThrowOut(snippet);
    }

    /** Inserts before the instruction at that bci. */
    public void before(int bci, Snippet snippet) {
        insertions.add(new Insertion(Place.BEFORE, bci, snippet));
    }

    /** Inserts after the instruction at that bci. */
    public void after(int bci, Snippet snippet) {
        insertions.add(new Insertion(Place.AFTER, bci, snippet));
    }

    /** Inserts before the call at that bci; {@link Value#receiver()} and {@link Value#callArgument} are available. */
    public void beforeCall(int bci, Snippet snippet) {
        insertions.add(new Insertion(Place.BEFORE_CALL, bci, snippet));
    }

    /** Inserts after the call at that bci; {@link Value#returnValue()} is its result. */
    public void afterCall(int bci, Snippet snippet) {
        insertions.add(new Insertion(Place.AFTER_CALL, bci, snippet));
    }

    /** Redirects the call at that bci to a static method with the receiver, if any, prepended to its parameters. */
    public void replaceCall(int bci, String owner, String name, String descriptor) {
        replacements.add(new CallReplacement(bci, owner, name, descriptor));
    }

    /** Inserts on every backward branch. */
    public void atBackEdges(Snippet snippet) {
        insertions.add(new Insertion(Place.BACK_EDGE, -1, snippet));
    }

    /** Inserts at the start of every exception handler. */
    public void atHandlers(Snippet snippet) {
        insertions.add(new Insertion(Place.HANDLER, -1, snippet));
    }

    /**
     * Adds a local variable. An entry snippet must store it ({@link Snippet#storeInto}) before anything reads it.
     *
     * @param descriptor the field descriptor of its type
     */
    public LocalVariable newLocal(String descriptor) {
        LocalVariable local = new LocalVariable(descriptor);
        locals.add(local);
        return local;
    }

    /** Returns whether nothing was asked for. */
    public boolean isEmpty() {
        return insertions.isEmpty() && replacements.isEmpty();
    }

    List<Insertion> insertions() {
        return insertions;
    }

    List<CallReplacement> replacements() {
        return replacements;
    }

    List<LocalVariable> locals() {
        return locals;
    }
}

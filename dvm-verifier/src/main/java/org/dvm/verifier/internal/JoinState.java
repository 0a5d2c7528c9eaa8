package org.dvm.verifier.internal;

import java.util.Arrays;
import org.dvm.verifier.TypeRule;
import org.jspecify.annotations.Nullable;

/** What is known at one place where paths join. */
final class JoinState {
    private int[] locals;
    private final int[] stack;

    /** Whether a constructor has been called on all paths. */
    boolean constructed;

    /** Whether on some path an exception left a constructor call, so that the method can't return. */
    boolean noReturn;

    private SubroutineMask @Nullable [] masks;

    JoinState(Frame frame, boolean constructed, boolean noReturn, SubroutineMask @Nullable [] masks) {
        this.locals = Arrays.copyOf(frame.locals, frame.localCount);
        this.stack = Arrays.copyOf(frame.stack, frame.depth);
        this.constructed = constructed;
        this.noReturn = noReturn;
        this.masks = masks;
    }

    /** Returns how many slots are kept. */
    int size() {
        return locals.length + stack.length;
    }

    int localCount() {
        return locals.length;
    }

    int local(int index) {
        return index < locals.length ? locals[index] : Types.TOP;
    }

    SubroutineMask[] masks() {
        return masks == null ? SubroutineMask.NONE : masks;
    }

    void setMasks(SubroutineMask[] masks) {
        this.masks = masks;
    }

    /** Puts this state into a frame. */
    void restore(Frame frame) {
        System.arraycopy(locals, 0, frame.locals, 0, locals.length);
        for (int i = locals.length; i < frame.localCount; i++) {
            frame.locals[i] = Types.TOP;
        }
        frame.localCount = locals.length;
        System.arraycopy(stack, 0, frame.stack, 0, stack.length);
        frame.depth = stack.length;
        frame.thisUninitialized = !constructed;
        frame.version++;
    }

    /** Joins a frame that leads here; returns whether that changed anything. */
    boolean merge(Frame frame, boolean constructed, boolean noReturn, Joins joins) throws MethodFault {
        boolean changes = mergeStack(frame, joins) | mergeLocals(frame, joins);
        if (this.constructed && !constructed) {
            this.constructed = false;
            changes = true;
        }
        if (!this.noReturn && noReturn) {
            this.noReturn = true;
            changes = true;
        }
        return changes;
    }

    private boolean mergeStack(Frame frame, Joins joins) throws MethodFault {
        if (stack.length != frame.depth) {
            throw MethodFault.of(TypeRule.JOIN, "Inconsistent stack height " + frame.depth + " != " + stack.length);
        }
        boolean changes = false;
        int useless = -1;
        int before = Types.TOP;
        for (int i = 0; i < stack.length; i++) {
            int old = stack[i];
            if (old != frame.stack[i]) {
                int joined = joins.join(old, frame.stack[i]);
                stack[i] = joined;
                changes |= joined != old;
            }
            if (stack[i] == Types.TOP && useless < 0) {
                useless = i;
                before = old;
            }
        }
        // What was useless before, as jsr leaves it, may stay so as long as nothing else changes.
        if (changes && useless >= 0) {
            throw MethodFault.ofTypes(TypeRule.JOIN, "Mismatched stack types", before, frame.stack[useless]);
        }
        return changes;
    }

    private boolean mergeLocals(Frame frame, Joins joins) throws MethodFault {
        boolean changes = false;
        int count = Math.min(locals.length, frame.localCount);
        for (int i = 0; i < count; i++) {
            int old = locals[i];
            if (old != frame.locals[i]) {
                int joined = joins.join(old, frame.locals[i]);
                locals[i] = joined;
                changes |= joined != old;
            }
        }
        if (count < locals.length) {
            locals = Arrays.copyOf(locals, count);
            changes = true;
        }
        return changes;
    }
}

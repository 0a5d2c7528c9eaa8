package org.dvm.verifier;

import java.util.List;

/**
 * The types that a verifier had computed at one place, in readable form.
 *
 * @param bci the instruction before which or within which the state stands
 * @param locals the local variables up to the last one in use; a long or double takes two
 * @param stack the operand stack from bottom to top; a long or double takes two
 * @param thisUninitialized whether a constructor's {@code this} isn't initialized yet
 */
public record FrameSnapshot(int bci, List<String> locals, List<String> stack, boolean thisUninitialized) {
    /** Copies the lists. */
    public FrameSnapshot {
        locals = List.copyOf(locals);
        stack = List.copyOf(stack);
    }

    @Override
    public String toString() {
        return "locals " + locals + ", stack " + stack + (thisUninitialized ? ", this uninitialized" : "");
    }
}

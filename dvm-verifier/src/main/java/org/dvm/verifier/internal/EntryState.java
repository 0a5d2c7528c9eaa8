package org.dvm.verifier.internal;

import org.dvm.verifier.TypeRule;

/** The frame at a method's entry. */
final class EntryState {
    private EntryState() {}

    /** Sets a frame to {@code this} and the parameters. */
    static void set(Frame frame, Code code, NameTable names, Relations relations) throws MethodFault {
        frame.reset(code.maxLocals, code.maxStack);
        int[] signatures = names.signatures();
        int parameters = signatures[code.signature];
        int first = code.isStatic ? 0 : 1;
        if (first + parameters > code.maxLocals) {
            throw MethodFault.of(TypeRule.PARAMETERS, "Arguments can't fit into locals: max_locals=" + code.maxLocals);
        }
        if (!code.isStatic) {
            frame.thisUninitialized = code.isConstructor && relations.superId() != 0;
            frame.locals[0] = frame.thisUninitialized ? Types.UNINITIALIZED_THIS : relations.thisType();
        }
        System.arraycopy(signatures, code.signature + 2, frame.locals, first, parameters);
        frame.localCount = first + parameters;
    }
}

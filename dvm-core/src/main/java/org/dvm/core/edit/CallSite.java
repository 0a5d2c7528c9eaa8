package org.dvm.core.edit;

import org.dvm.core.classfile.RawClass;

/** A call instruction as the constant pool describes it. */
record CallSite(int opcode, String name, String descriptor) {
    /**
     * Reads the call at an offset of the class file.
     *
     * @throws IllegalArgumentException if its constant is not one of a call
     */
    static CallSite at(RawClass raw, int offset) {
        int opcode = raw.u1(offset);
        int index = raw.u2(offset + 1);
        if (!isAt(raw, offset)) {
            throw new IllegalArgumentException("the call's constant is of another kind: index=" + index);
        }
        int nameAndType = raw.constantOffset(raw.u2(raw.constantOffset(index) + 3));
        return new CallSite(opcode, raw.utf8(raw.u2(nameAndType + 1)), raw.utf8(raw.u2(nameAndType + 3)));
    }

    /** Returns whether the constant of the call instruction at an offset of the class file is one of a call. */
    static boolean isAt(RawClass raw, int offset) {
        int index = raw.u2(offset + 1);
        int tag = index < raw.constantCount() ? raw.constantTag(index) : 0;
        return raw.u1(offset) == Bytecode.INVOKEDYNAMIC
                ? tag == RawClass.INVOKE_DYNAMIC
                : tag == RawClass.METHOD_REF || tag == RawClass.INTERFACE_METHOD_REF;
    }

    boolean isDynamic() {
        return opcode == Bytecode.INVOKEDYNAMIC;
    }

    boolean hasReceiver() {
        return opcode != Bytecode.INVOKESTATIC && opcode != Bytecode.INVOKEDYNAMIC;
    }

    boolean isConstructor() {
        return name.equals("<init>");
    }
}

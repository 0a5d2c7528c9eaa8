package org.dvm.core.edit;

import org.dvm.core.classfile.RawClass;

/** The local variables that a method's code stores into; those from 63 on are taken for stored. */
final class StoredVariables {
    private static final int EXACT = 63;

    private final long stored;

    private StoredVariables(long stored) {
        this.stored = stored;
    }

    static StoredVariables of(RawClass raw, RawClass.Member method) {
        byte[] bytes = raw.bytes();
        int start = raw.codeStart(method);
        int length = raw.codeLength(method);
        long stored = 1L << EXACT;
        int next;
        for (int bci = 0; bci < length; bci = next) {
            next = bci + Bytecode.length(bytes, start, bci, length);
            int opcode = raw.u1(start + bci);
            if (opcode >= Bytecode.ISTORE && opcode <= Bytecode.ASTORE || opcode == Bytecode.IINC) {
                stored |= bits(raw.u1(start + bci + 1), opcode);
            } else if (opcode > Bytecode.ASTORE && opcode <= Bytecode.ASTORE_3) {
                int type = (opcode - Bytecode.ISTORE_0) / 4;
                stored |= bits((opcode - Bytecode.ISTORE_0) % 4, Bytecode.ISTORE + type);
            } else if (opcode == Bytecode.WIDE) {
                int wide = raw.u1(start + bci + 1);
                if (wide >= Bytecode.ISTORE && wide <= Bytecode.ASTORE || wide == Bytecode.IINC) {
                    stored |= bits(raw.u2(start + bci + 2), wide);
                }
            }
        }
        return new StoredVariables(stored);
    }

    private static long bits(int slot, int opcode) {
        boolean two = opcode == Bytecode.LSTORE || opcode == Bytecode.DSTORE;
        return 1L << Math.min(slot, EXACT) | (two ? 1L << Math.min(slot + 1, EXACT) : 0);
    }

    /** Returns whether the code may change any of the variables from that one on. */
    boolean isStored(int slot, int slots) {
        return isStored(slot) || slots == 2 && isStored(slot + 1);
    }

    private boolean isStored(int slot) {
        return (stored >>> Math.min(slot, EXACT) & 1) != 0;
    }
}

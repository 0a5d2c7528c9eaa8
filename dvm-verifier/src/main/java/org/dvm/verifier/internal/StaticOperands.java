package org.dvm.verifier.internal;

import org.dvm.verifier.TypeRule;

/**
 * The checks of operands that the inference verifier makes of all instructions, reachable or not, before it follows the
 * data flow; and where paths can join.
 *
 * @jvms 4.9.1
 */
final class StaticOperands {
    private final Code code;
    private final NameTable names;
    private final Interpreter interpreter;

    StaticOperands(Code code, NameTable names, Interpreter interpreter) {
        this.code = code;
        this.names = names;
        this.interpreter = interpreter;
    }

    /** Checks one instruction and marks the places that it may lead to besides the next one. */
    void check(int bci, boolean[] joins) throws MethodFault {
        int opcode = code.u1(bci);
        if (opcode >= Opcode.ILOAD_0 && opcode < Opcode.IALOAD) {
            checkLocal(opcode - Opcode.ILOAD_0 & 3, opcode - Opcode.ILOAD_0 >> 2);
        } else if (opcode >= Opcode.ISTORE_0 && opcode < Opcode.IASTORE) {
            checkLocal(opcode - Opcode.ISTORE_0 & 3, opcode - Opcode.ISTORE_0 >> 2);
        } else if (opcode >= Opcode.ILOAD && opcode <= Opcode.ALOAD) {
            checkLocal(code.u1(bci + 1), opcode - Opcode.ILOAD);
        } else if (opcode >= Opcode.ISTORE && opcode <= Opcode.ASTORE) {
            checkLocal(code.u1(bci + 1), opcode - Opcode.ISTORE);
        } else if (opcode >= Opcode.IFEQ && opcode <= Opcode.JSR
                || opcode == Opcode.IFNULL
                || opcode == Opcode.IFNONNULL) {
            mark(bci + code.s2(bci + 1), joins);
        } else {
            checkOther(opcode, bci, joins);
        }
        if (opcode == Opcode.JSR || opcode == Opcode.JSR_W) {
            joins[bci] = true;
            int next = bci + code.lengthAt(bci);
            if (next < code.length) {
                joins[next] = true;
            }
        }
    }

    private void checkOther(int opcode, int bci, boolean[] joins) throws MethodFault {
        switch (opcode) {
            case Opcode.GOTO_W:
            case Opcode.JSR_W:
                mark(bci + code.s4(bci + 1), joins);
                return;
            case Opcode.TABLESWITCH:
            case Opcode.LOOKUPSWITCH:
                interpreter.checkSwitch(opcode, bci);
                markSwitch(opcode, bci, joins);
                return;
            case Opcode.RET:
                checkLocal(code.u1(bci + 1), 0);
                joins[bci] = true;
                return;
            case Opcode.IINC:
                checkLocal(code.u1(bci + 1), 0);
                return;
            case Opcode.WIDE:
                checkWide(bci, joins);
                return;
            case Opcode.NEW:
            case Opcode.ANEWARRAY:
            case Opcode.CHECKCAST:
            case Opcode.INSTANCEOF:
            case Opcode.MULTIANEWARRAY:
                interpreter.calls().checkClassConstant(code.u2(bci + 1));
                checkClass(opcode, bci, names.classType(code.u2(bci + 1)));
                return;
            case Opcode.NEWARRAY:
                interpreter.checkNewArray(code.u1(bci + 1));
                return;
            default:
                interpreter.calls().checkStatic(opcode, bci);
        }
    }

    private void checkClass(int opcode, int bci, int type) throws MethodFault {
        boolean wrong = opcode == Opcode.NEW && !Types.isObject(type)
                || opcode == Opcode.ANEWARRAY && Types.dimensions(type) >= Types.MAX_DIMENSIONS
                || opcode == Opcode.MULTIANEWARRAY
                        && (code.u1(bci + 3) == 0 || code.u1(bci + 3) > Types.dimensions(type));
        if (wrong) {
            throw MethodFault.of(TypeRule.OPERAND, "Illegal type or dimension: " + names.describe(type));
        }
    }

    private void checkWide(int bci, boolean[] joins) throws MethodFault {
        int opcode = code.u1(bci + 1);
        int index = code.u2(bci + 2);
        if (opcode == Opcode.RET) {
            joins[bci] = true;
            checkLocal(index, 0);
        } else if (opcode == Opcode.IINC) {
            checkLocal(index, 0);
        } else {
            checkLocal(index, opcode - (opcode <= Opcode.ALOAD ? Opcode.ILOAD : Opcode.ISTORE));
        }
    }

    /** Longs and doubles, kinds 1 and 3, take two local variables. */
    private void checkLocal(int index, int kind) throws MethodFault {
        int last = index + (kind == 1 || kind == 3 ? 1 : 0);
        if (last >= code.maxLocals) {
            throw MethodFault.of(TypeRule.LOCAL_INDEX, "Illegal local variable number " + last);
        }
    }

    private void mark(int target, boolean[] joins) throws MethodFault {
        if (!code.isInstruction(target)) {
            throw MethodFault.of(TypeRule.BRANCH_TARGET, "Illegal target of jump or branch: " + target);
        }
        joins[target] = true;
    }

    private void markSwitch(int opcode, int bci, boolean[] joins) throws MethodFault {
        int aligned = (bci & ~3) + 4;
        boolean table = opcode == Opcode.TABLESWITCH;
        int count = table ? code.s4(aligned + 8) - code.s4(aligned + 4) + 1 : code.s4(aligned + 4);
        mark(bci + code.s4(aligned), joins);
        for (int i = 0; i < count; i++) {
            mark(bci + code.s4(table ? aligned + 12 + 4 * i : aligned + 12 + 8 * i), joins);
        }
    }
}

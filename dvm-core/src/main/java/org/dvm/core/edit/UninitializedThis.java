package org.dvm.core.edit;

import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Where the object under construction lies before its constructor has called another: which entries of the operand stack
 * and which local variables hold it.
 *
 * <p>Immutable, and stacks share their lower part, so that a state can be kept for every branch at little cost.
 *
 * @jvms 4.10.1.4
 */
final class UninitializedThis {
    /** Variables that may hold it at a time: more than any compiler uses, and few enough to search. */
    private static final int MAX_VARIABLES = 255;

    /** A slot of the operand stack and those below. */
    private record Slot(boolean holdsThis, @Nullable Slot below) {}

    /** A local variable that holds the object, and the others. */
    private record Variable(int number, int count, @Nullable Variable others) {}

    private final @Nullable Slot stack;
    private final @Nullable Variable variables;

    private UninitializedThis(@Nullable Slot stack, @Nullable Variable variables) {
        this.stack = stack;
        this.variables = variables;
    }

    /** Returns the state in which a constructor starts. */
    static UninitializedThis atEntry() {
        return new UninitializedThis(null, new Variable(0, 1, null));
    }

    /** Returns the state that a stack map frame declares; null where {@code this} is initialized. */
    static @Nullable UninitializedThis declaredBy(FrameReader frame) {
        Variable variables = null;
        int slot = 0;
        for (int i = 0; i < frame.localCount(); i++) {
            if (frame.local(i) == FrameReader.UNINITIALIZED_THIS) {
                variables = with(variables, slot);
            }
            slot += FrameReader.slots(frame.local(i));
        }
        if (variables == null) {
            return null;
        }
        UninitializedThis state = new UninitializedThis(null, variables);
        for (int i = 0; i < frame.stackCount(); i++) {
            int type = frame.stack(i);
            state = state.push(FrameReader.slots(type), type == FrameReader.UNINITIALIZED_THIS);
        }
        return state;
    }

    /** Returns the state in which a handler starts that an exception leads to from here. */
    UninitializedThis inHandler() {
        return new UninitializedThis(new Slot(false, null), variables);
    }

    /** Returns whether the first local variable holds the object. */
    boolean isInFirstVariable() {
        return holds(variables, 0);
    }

    /** Returns whether the object lies below so many slots of the stack. */
    boolean isBelow(int slots) {
        Slot top = stack;
        for (int i = 0; i < slots && top != null; i++) {
            top = top.below();
        }
        return top != null && top.holdsThis();
    }

    // ---- instructions ----

    /**
     * Returns the state after an instruction.
     *
     * @param at the instruction's offset in the class file
     * @throws DoesNotFit if it takes more from the stack than there is
     */
    UninitializedThis after(RawClass raw, int at) {
        int opcode = raw.u1(at);
        if (opcode == Bytecode.WIDE) {
            return variableAccess(raw.u1(at + 1), raw.u2(at + 2));
        } else if (opcode >= Bytecode.ILOAD && opcode <= Bytecode.ALOAD
                || opcode >= Bytecode.ISTORE && opcode <= Bytecode.ASTORE) {
            return variableAccess(opcode, raw.u1(at + 1));
        } else if (opcode >= Bytecode.ILOAD_0 && opcode <= Bytecode.ALOAD_3) {
            int operation = opcode - Bytecode.ILOAD_0;
            return variableAccess(Bytecode.ILOAD + operation / 4, operation % 4);
        } else if (opcode >= Bytecode.ISTORE_0 && opcode <= Bytecode.ASTORE_3) {
            int operation = opcode - Bytecode.ISTORE_0;
            return variableAccess(Bytecode.ISTORE + operation / 4, operation % 4);
        } else if (StackEffects.isKnown(opcode)) {
            return pop(StackEffects.pops(opcode)).push(StackEffects.pushes(opcode), false);
        } else if (opcode == Bytecode.MULTIANEWARRAY) {
            return pop(raw.u1(at + 3)).push(1, false);
        } else if (opcode >= Bytecode.GETSTATIC && opcode <= Bytecode.INVOKEDYNAMIC) {
            return memberAccess(opcode, memberDescriptor(raw, at));
        }
        return rearranged(opcode);
    }

    private UninitializedThis variableAccess(int opcode, int number) {
        if (opcode == Bytecode.ALOAD) {
            return push(1, holds(variables, number));
        } else if (opcode == Bytecode.ASTORE) {
            Variable without = without(variables, number);
            return new UninitializedThis(below(stack, 1), isBelow(0) ? with(without, number) : without);
        } else if (opcode >= Bytecode.ISTORE && opcode < Bytecode.ASTORE) {
            int slots = StackEffects.pops(opcode);
            Variable without = without(variables, number);
            return new UninitializedThis(below(stack, slots), slots == 2 ? without(without, number + 1) : without);
        }
        return push(StackEffects.pushes(opcode), false); // the other loads; iinc and ret neither take nor leave
    }

    private UninitializedThis memberAccess(int opcode, String descriptor) {
        boolean isCall = Bytecode.isCall(opcode);
        int value = Descriptors.slots(isCall ? Descriptors.returnKind(descriptor) : descriptor.charAt(0));
        if (isCall) {
            boolean hasReceiver = opcode != Bytecode.INVOKESTATIC && opcode != Bytecode.INVOKEDYNAMIC;
            return pop(Descriptors.parameterSlots(descriptor) + (hasReceiver ? 1 : 0))
                    .push(value, false);
        }
        int object = opcode == Bytecode.GETFIELD || opcode == Bytecode.PUTFIELD ? 1 : 0;
        boolean isGet = opcode == Bytecode.GETSTATIC || opcode == Bytecode.GETFIELD;
        return isGet ? pop(object).push(value, false) : pop(object + value);
    }

    private static String memberDescriptor(RawClass raw, int at) {
        int index = raw.u2(at + 1);
        boolean fits = Bytecode.isCall(raw.u1(at))
                ? CallSite.isAt(raw, at)
                : index < raw.constantCount() && raw.constantTag(index) == RawClass.FIELD_REF;
        if (!fits) {
            throw DoesNotFit.malformed("an instruction's constant is of another kind: index=" + index, -1);
        }
        int nameAndType = raw.constantOffset(raw.u2(raw.constantOffset(index) + 3));
        return raw.utf8(raw.u2(nameAndType + 3));
    }

    /** Applies dup to swap: copies the upper slots below some that lie there already. */
    private UninitializedThis rearranged(int opcode) {
        boolean first = isBelow(0);
        boolean second = isBelow(1);
        boolean third = isBelow(2);
        boolean fourth = isBelow(3);
        return switch (opcode) {
            case Bytecode.DUP -> pop(1).push(first).push(first);
            case Bytecode.DUP_X1 -> pop(2).push(first).push(second).push(first);
            case Bytecode.DUP_X2 -> pop(3).push(first).push(third).push(second).push(first);
            case Bytecode.DUP2 -> pop(2).push(second).push(first).push(second).push(first);
            case Bytecode.DUP2_X1 ->
                pop(3).push(second).push(first).push(third).push(second).push(first);
            case Bytecode.DUP2_X2 ->
                pop(4).push(second)
                        .push(first)
                        .push(fourth)
                        .push(third)
                        .push(second)
                        .push(first);
            case Bytecode.SWAP -> pop(2).push(first).push(second);
            default -> throw DoesNotFit.malformed("unknown opcode " + opcode, -1);
        };
    }

    // ---- stack and variables ----

    private UninitializedThis pop(int slots) {
        return slots == 0 ? this : new UninitializedThis(below(stack, slots), variables);
    }

    private UninitializedThis push(boolean holdsThis) {
        return push(1, holdsThis);
    }

    private UninitializedThis push(int slots, boolean holdsThis) {
        Slot top = stack;
        for (int i = 0; i < slots; i++) {
            top = new Slot(holdsThis, top);
        }
        return slots == 0 ? this : new UninitializedThis(top, variables);
    }

    private static @Nullable Slot below(@Nullable Slot stack, int slots) {
        Slot top = stack;
        for (int i = 0; i < slots; i++) {
            if (top == null) {
                throw DoesNotFit.malformed("an instruction takes more from the stack than there is", -1);
            }
            top = top.below();
        }
        return top;
    }

    private static boolean holds(@Nullable Variable variables, int number) {
        for (Variable variable = variables; variable != null; variable = variable.others()) {
            if (variable.number() == number) {
                return true;
            }
        }
        return false;
    }

    private static Variable with(@Nullable Variable variables, int number) {
        int count = variables == null ? 1 : variables.count() + 1;
        if (count > MAX_VARIABLES) {
            throw DoesNotFit.of(
                    EditRule.METHOD_TOO_LARGE, "more than " + MAX_VARIABLES + " variables hold this before super()");
        }
        return new Variable(number, count, variables);
    }

    private static @Nullable Variable without(@Nullable Variable variables, int number) {
        if (!holds(variables, number)) {
            return variables;
        }
        Variable left = null;
        for (Variable variable = variables; variable != null; variable = variable.others()) {
            if (variable.number() != number) {
                left = with(left, variable.number());
            }
        }
        return left;
    }
}

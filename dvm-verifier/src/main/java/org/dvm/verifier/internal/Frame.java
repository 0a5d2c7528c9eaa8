package org.dvm.verifier.internal;

import java.util.Arrays;
import org.dvm.verifier.TypeRule;

/**
 * Types of the local variables and of the operand stack at one place; long and double take two slots.
 *
 * @jvms 4.10.1.4
 */
final class Frame {
    private static final int KEEP = 1 << 12;

    int[] locals = new int[64];
    int[] stack = new int[64];
    int maxLocals;
    int maxStack;

    /** Locals from here on are top. */
    int localCount;

    int depth;

    /** Whether a constructor's {@code this} isn't initialized yet. */
    boolean thisUninitialized;

    /** Whether what isn't a value - all that jsr leaves of an uninitialized object on the stack - can be moved about as one. */
    boolean movesNothing;

    /** Changes whenever a local variable's type does. */
    int version;

    /** Prepares for a method. */
    void reset(int maxLocals, int maxStack) {
        if (locals.length < maxLocals || locals.length > KEEP) {
            locals = new int[Math.max(maxLocals, 64)];
        } else {
            Arrays.fill(locals, 0, maxLocals, Types.TOP);
        }
        if (stack.length < maxStack || stack.length > KEEP) {
            stack = new int[Math.max(maxStack, 64)];
        }
        this.maxLocals = maxLocals;
        this.maxStack = maxStack;
        localCount = 0;
        depth = 0;
        thisUninitialized = false;
        version++;
    }

    void push(int type) throws MethodFault {
        if (depth >= maxStack) {
            throw MethodFault.of(TypeRule.STACK_OVERFLOW, "Operand stack overflow");
        }
        stack[depth++] = type;
    }

    /** Pops whatever slot is on top. */
    int pop() throws MethodFault {
        if (depth == 0) {
            throw underflow();
        }
        return stack[--depth];
    }

    /** Pops a slot of just that type. */
    void pop(int type) throws MethodFault {
        if (depth == 0) {
            throw underflow();
        }
        int found = stack[--depth];
        if (found != type) {
            throw badOperand(type, found);
        }
    }

    /** Pops slots given from bottom to top, each of just that type. */
    void popAll(int[] types) throws MethodFault {
        for (int i = types.length - 1; i >= 0; i--) {
            pop(types[i]);
        }
    }

    void pushAll(int[] types) throws MethodFault {
        if (depth + types.length > maxStack) {
            throw MethodFault.of(TypeRule.STACK_OVERFLOW, "Operand stack overflow");
        }
        for (int type : types) {
            stack[depth++] = type;
        }
    }

    /** Copies the top group of slots to below the group under it, after checks that no value is split. */
    void duplicate(int top, int below) throws MethodFault {
        if (depth < top + below) {
            throw underflow();
        }
        if (depth + top > maxStack) {
            throw MethodFault.of(TypeRule.STACK_OVERFLOW, "Operand stack overflow");
        }
        checkGroup(depth - top, top);
        checkGroup(depth - top - below, below);
        int from = depth - top - below;
        System.arraycopy(stack, from, stack, from + top, top + below);
        System.arraycopy(stack, depth, stack, from, top);
        depth += top;
    }

    /** Drops the top group of slots, after checks that no value is split. */
    void drop(int count) throws MethodFault {
        if (depth < count) {
            throw underflow();
        }
        checkGroup(depth - count, count);
        depth -= count;
    }

    void swap() throws MethodFault {
        if (depth < 2) {
            throw underflow();
        }
        checkGroup(depth - 1, 1);
        checkGroup(depth - 2, 1);
        int upper = stack[depth - 1];
        stack[depth - 1] = stack[depth - 2];
        stack[depth - 2] = upper;
    }

    /** Checks that one or two slots are whole values. */
    private void checkGroup(int from, int count) throws MethodFault {
        if (count == 0) {
            return;
        }
        int lowest = stack[from];
        if (count == 2 && Types.isTwoSlot(lowest) && stack[from + 1] == lowest + 1) {
            return;
        }
        for (int i = from; i < from + count; i++) {
            if (!Types.isOneSlot(stack[i]) && !(movesNothing && stack[i] == Types.TOP)) {
                throw MethodFault.of(TypeRule.OPERAND_TYPE, "Bad type on operand stack: half of a value, or none");
            }
        }
    }

    int local(int index) throws MethodFault {
        if (index >= maxLocals) {
            throw MethodFault.of(TypeRule.LOCAL_INDEX, "Local variable table overflow: index " + index);
        }
        return locals[index];
    }

    /** Stores a one-slot value; a long or double that it overwrites half of becomes unusable. */
    void store(int index, int type) throws MethodFault {
        int old = local(index);
        if (Types.isTwoSlot(old) && index + 1 < maxLocals) {
            locals[index + 1] = Types.TOP;
        } else if (Types.isSecondSlot(old) && index > 0) {
            locals[index - 1] = Types.TOP;
        }
        put(index, type);
        localCount = Math.max(localCount, index + 1);
    }

    /** Stores a two-slot value; longs and doubles that it overwrites half of become unusable. */
    void store2(int index, int type) throws MethodFault {
        int last = local(index + 1);
        if (Types.isTwoSlot(last) && index + 2 < maxLocals) {
            locals[index + 2] = Types.TOP;
        }
        if (Types.isSecondSlot(locals[index]) && index > 0) {
            locals[index - 1] = Types.TOP;
        }
        put(index, type);
        put(index + 1, type + 1);
        localCount = Math.max(localCount, index + 2);
    }

    /** Stores one slot and leaves its neighbours alone. */
    void put(int index, int type) throws MethodFault {
        if (local(index) != type) {
            locals[index] = type;
            version++;
        }
    }

    /** Replaces a type wherever it stands. */
    void replace(int old, int type) {
        for (int i = 0; i < maxLocals; i++) {
            if (locals[i] == old) {
                locals[i] = type;
            }
        }
        for (int i = 0; i < depth; i++) {
            if (stack[i] == old) {
                stack[i] = type;
            }
        }
        version++;
    }

    private static MethodFault underflow() {
        return MethodFault.of(TypeRule.STACK_UNDERFLOW, "Operand stack underflow");
    }

    static MethodFault badOperand(int expected, int found) {
        return MethodFault.ofTypes(TypeRule.OPERAND_TYPE, "Bad type on operand stack", expected, found);
    }
}

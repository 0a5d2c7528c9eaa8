package org.dvm.nodeos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Numbers of the empty buffers of a pool, the one that came last on top: what it lies over is still in the processor's
 * cache. For any threads.
 *
 * <p>Numbers rather than references: storing a reference costs a barrier of the garbage collector, and every packet passes
 * here twice.
 */
final class BufferStack {
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(BufferStack.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Token token = new Token();
    private final int[] numbers; // with the token
    private int size; // changed with the token

    /** Makes a stack of the numbers from 0 to {@code count - 1}, the lowest on top. */
    BufferStack(int count) {
        numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = count - 1 - i;
        }
        size = count;
    }

    // Hot path: no allocation, no locks, no logging.

    /** Adds one number. */
    void push(int number) {
        token.take();
        try {
            numbers[size] = number;
            SIZE.setOpaque(this, size + 1);
        } finally {
            token.give();
        }
    }

    /** Adds numbers, which are not in the stack. */
    void push(int[] from, int count) {
        token.take();
        try {
            System.arraycopy(from, 0, numbers, size, count);
            SIZE.setOpaque(this, size + count);
        } finally {
            token.give();
        }
    }

    /** Removes numbers, as many as there are and at most {@code most}; returns how many. */
    int pop(int[] into, int most) {
        token.take();
        try {
            int count = Math.min(most, size);
            int rest = size - count;
            System.arraycopy(numbers, rest, into, 0, count);
            SIZE.setOpaque(this, rest);
            return count;
        } finally {
            token.give();
        }
    }

    /** Removes one number; -1 if there is none. */
    int pop() {
        token.take();
        try {
            if (size == 0) {
                return -1;
            }
            SIZE.setOpaque(this, size - 1);
            return numbers[size];
        } finally {
            token.give();
        }
    }

    /** Returns how many numbers there are, a snapshot. */
    int size() {
        return (int) SIZE.getOpaque(this);
    }
}

package org.dvm.core.edit;

import java.util.Arrays;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Where in a constructor {@code this} is initialized: what {@code super()} or {@code this()} is called, and which
 * instructions are reached only after it has returned.
 *
 * <p>The call is told from other constructor calls of the same classes by counting: one without a {@code new} of its
 * class pending is it. Compilers that call it in one of several branches (Groovy, Kotlin) have several.
 *
 * @jvms 4.10.2.4
 */
final class ConstructorFlow {
    private static final int NONE = Integer.MAX_VALUE;

    private static final byte UNINITIALIZED = 1;
    private static final byte INITIALIZED = 2;

    private final RawClass raw;
    private final byte[] bytes;
    private final int start;
    private final int length;
    private int[] superCalls = new int[1];
    private int superCallCount;
    /** In the plain case all from this bci on is initialized and nothing before. */
    private int initializedFrom = NONE;
    /** In the other case a set of {@link #UNINITIALIZED} and {@link #INITIALIZED} for each instruction's bci. */
    private byte @Nullable [] states;

    private ConstructorFlow(RawClass raw, RawClass.Member method) {
        this.raw = raw;
        this.bytes = raw.bytes();
        this.start = raw.codeStart(method);
        this.length = raw.codeLength(method);
    }

    static ConstructorFlow of(RawClass raw, RawClass.Member method) {
        ConstructorFlow flow = new ConstructorFlow(raw, method);
        if (raw.superName() == null) {
            flow.initializedFrom = 0; // java.lang.Object itself
        } else {
            boolean branchesBefore = flow.findSuperCalls();
            if (flow.superCallCount == 1 && !branchesBefore) {
                flow.initializedFrom = flow.superCalls[0] + 3;
            } else if (flow.superCallCount > 0) {
                flow.states = flow.computeStates();
            }
        }
        return flow;
    }

    int superCallCount() {
        return superCallCount;
    }

    /** Returns the bci of a {@code super()} or {@code this()} call; ascending. */
    int superCall(int index) {
        return superCalls[index];
    }

    boolean isSuperCall(int bci) {
        for (int i = 0; i < superCallCount; i++) {
            if (superCalls[i] == bci) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether {@code this} is initialized before the instruction at that bci, on whatever way it is reached. */
    boolean isInitialized(int bci) {
        byte[] states = this.states;
        return states == null ? bci >= initializedFrom : states[bci] == INITIALIZED;
    }

    boolean isInitializedAfter(int bci) {
        return isSuperCall(bci) || isInitialized(bci);
    }

    /** Finds the calls and returns whether a branch or handler stands before the first of them or leads there. */
    private boolean findSuperCalls() {
        int thisName = raw.u2(raw.constantPoolEnd() + 2);
        int superName = raw.u2(raw.constantPoolEnd() + 4);
        int pendingThis = 0;
        int pendingSuper = 0;
        boolean branches = handlersStand();
        int next;
        for (int bci = 0; bci < length; bci = next) {
            next = bci + Bytecode.length(bytes, start, bci, length);
            int opcode = raw.u1(start + bci);
            if (opcode == Bytecode.NEW) {
                int type = raw.u2(start + bci + 1);
                pendingThis += sameClass(type, thisName) ? 1 : 0;
                pendingSuper += sameClass(type, superName) ? 1 : 0;
            } else if (opcode == Bytecode.INVOKESPECIAL) {
                int type = constructorOwner(raw.u2(start + bci + 1));
                boolean isThis = type != 0 && sameClass(type, thisName);
                boolean isSuper = type != 0 && sameClass(type, superName);
                if (isThis && pendingThis > 0) {
                    pendingThis--;
                } else if (isSuper && pendingSuper > 0) {
                    pendingSuper--;
                } else if (isThis || isSuper) {
                    addSuperCall(bci);
                }
            } else if (Bytecode.info(opcode) >> 4 != Bytecode.PLAIN) {
                branches |= branchMatters(opcode, bci);
            }
        }
        return branches;
    }

    /** Returns whether control may pass from before the call to behind it without the call, or back. */
    private boolean branchMatters(int opcode, int bci) {
        if (superCallCount == 0) {
            return true;
        }
        int kind = Bytecode.info(opcode) >> 4;
        if (kind == Bytecode.CONDITIONAL || kind == Bytecode.JUMP) {
            return bci + Bytecode.s2(bytes, start + bci + 1) <= superCalls[0];
        }
        return kind == Bytecode.TABLE_SWITCH || kind == Bytecode.LOOKUP_SWITCH || kind == Bytecode.JUMP_WIDE;
    }

    private boolean handlersStand() {
        return raw.u2(start + length) > 0;
    }

    private void addSuperCall(int bci) {
        if (superCallCount == superCalls.length) {
            superCalls = Arrays.copyOf(superCalls, 2 * superCallCount);
        }
        superCalls[superCallCount++] = bci;
    }

    /** Returns the class of a constructor reference, or 0 if the constant is none. */
    private int constructorOwner(int index) {
        if (index == 0 || index >= raw.constantCount() || raw.constantTag(index) != RawClass.METHOD_REF) {
            return 0;
        }
        int reference = raw.constantOffset(index);
        int nameAndType = raw.constantOffset(raw.u2(reference + 3));
        return raw.utf8(raw.u2(nameAndType + 1)).equals("<init>") ? raw.u2(reference + 1) : 0;
    }

    private boolean sameClass(int left, int right) {
        return left == right
                || left < raw.constantCount()
                        && raw.constantTag(left) == RawClass.CLASS
                        && raw.name(left).equals(raw.name(right));
    }

    /** Walks all paths from the entry; a set of two bits for each instruction, so each is visited at most twice. */
    private byte[] computeStates() {
        byte[] states = new byte[length + 1];
        int[] work = new int[16];
        int workCount = 0;
        work[workCount++] = UNINITIALIZED;
        states[0] = UNINITIALIZED;
        int[] successors = new int[4];
        while (workCount > 0) {
            int item = work[--workCount];
            int bci = item >>> 2;
            int state = item & 3;
            int opcode = raw.u1(start + bci);
            boolean superCall = opcode == Bytecode.INVOKESPECIAL && isSuperCall(bci);
            successors = successors(bci, opcode, successors);
            for (int i = 1; i <= successors[0]; i++) {
                int to = successors[i];
                int after = superCall && to == bci + 3 ? INITIALIZED : state;
                if (to < 0 || to >= length) {
                    throw DoesNotFit.malformed("control leaves the code", bci);
                }
                if ((states[to] & after) == 0) {
                    states[to] |= (byte) after;
                    if (workCount == work.length) {
                        work = Arrays.copyOf(work, 2 * workCount);
                    }
                    work[workCount++] = to << 2 | after;
                }
            }
        }
        return states;
    }

    /** Returns the number of successors of an instruction, followed by their bcis. */
    private int[] successors(int bci, int opcode, int[] reused) {
        int kind = Bytecode.info(opcode) >> 4;
        int handlers = raw.u2(start + length);
        int[] found = reused;
        int instructionLength = Bytecode.length(bytes, start, bci, length);
        int most = 3 + handlers + instructionLength / 4;
        if (found.length < most) {
            found = new int[most];
        }
        int count = 0;
        if (Bytecode.fallsThrough(opcode)
                && !(kind == Bytecode.WIDE_PREFIX && raw.u1(start + bci + 1) == Bytecode.RET)) {
            found[++count] = bci + instructionLength;
        }
        if (kind == Bytecode.CONDITIONAL || kind == Bytecode.JUMP) {
            found[++count] = bci + Bytecode.s2(bytes, start + bci + 1);
        } else if (kind == Bytecode.JUMP_WIDE) {
            found[++count] = bci + Bytecode.s4(bytes, start + bci + 1);
        } else if (kind == Bytecode.TABLE_SWITCH || kind == Bytecode.LOOKUP_SWITCH) {
            int operands = start + bci + 4 - (bci & 3);
            found[++count] = bci + Bytecode.s4(bytes, operands);
            boolean table = kind == Bytecode.TABLE_SWITCH;
            for (int at = operands + 12; at < start + bci + instructionLength; at += table ? 4 : 8) {
                found[++count] = bci + Bytecode.s4(bytes, at);
            }
        }
        int table = start + length + 2;
        for (int i = 0; i < handlers; i++) {
            if (raw.u2(table + 8 * i) <= bci && bci < raw.u2(table + 8 * i + 2)) {
                found[++count] = raw.u2(table + 8 * i + 4);
            }
        }
        found[0] = count;
        return found;
    }
}

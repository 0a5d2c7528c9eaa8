package org.dvm.core.edit;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Where in a constructor {@code this} is initialized: what {@code super()} or {@code this()} is called, and which
 * instructions are reached only after it has returned.
 *
 * <p>The call is told from other constructor calls by its receiver: before it, the way of {@code this} through stack and
 * variables is followed ({@link UninitializedThis}). Compilers that call it in one of several branches (Groovy, Kotlin)
 * have several. Code that nothing leads to is taken as its stack map frame declares it.
 *
 * @jvms 4.10.2.4
 */
final class ConstructorFlow {
    private static final int NONE = Integer.MAX_VALUE;

    private static final byte UNINITIALIZED = 1;
    private static final byte INITIALIZED = 2;
    /** Besides the first: the first variable holds something else. */
    private static final byte ELSEWHERE = 4;

    /** A way yet to be followed; with {@code before} null {@code this} is initialized. */
    private record Way(int bci, @Nullable UninitializedThis before) {}

    private final RawClass raw;
    private final OriginalCode code;
    private int[] superCalls = new int[1];
    private int superCallCount;
    /** In the plain case all from this bci on is initialized and nothing before. */
    private int initializedFrom = NONE;
    /** In the plain case, whether some instruction before the call has moved {@code this} out of the first variable. */
    private boolean isMoved;
    /** In the other case a set of the marks above for each instruction's bci. */
    private byte @Nullable [] states;

    private ConstructorFlow(OriginalCode code) {
        this.code = code;
        this.raw = code.raw();
    }

    /**
     * Analyzes a constructor.
     *
     * @throws DoesNotFit if its code is malformed
     */
    static ConstructorFlow of(OriginalCode code) {
        ConstructorFlow flow = new ConstructorFlow(code);
        if (flow.raw.superName() == null) {
            flow.initializedFrom = 0; // java.lang.Object itself
        } else if (!flow.isPlain()) {
            new AllWays(flow).follow();
            Arrays.sort(flow.superCalls, 0, flow.superCallCount);
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

    /** Returns whether {@code this} is initialized before the instruction at that bci, on whatever way it is reached. */
    boolean isInitialized(int bci) {
        byte[] states = this.states;
        return states == null ? bci >= initializedFrom : states[bci] == INITIALIZED;
    }

    /** Returns whether {@code this} is uninitialized before the instruction at that bci, and in the first variable. */
    boolean holdsUninitializedThis(int bci) {
        byte[] states = this.states;
        return states == null ? bci < initializedFrom && !isMoved : states[bci] == UNINITIALIZED;
    }

    /** Returns whether {@code this} is initialized after the instruction at that bci. */
    boolean isInitializedAfter(int bci) {
        for (int i = 0; i < superCallCount; i++) {
            if (superCalls[i] == bci) {
                return true;
            }
        }
        return isInitialized(bci);
    }

    // ---- the plain case ----

    /** Looks for a call that all instructions before lead straight to, and that nothing behind leads back before. */
    private boolean isPlain() {
        UninitializedThis state = UninitializedThis.atEntry();
        int bci = 0;
        while (bci < code.length) {
            int length = Bytecode.length(code.bytes, code.start, bci, code.length);
            int kind = Bytecode.info(raw.u1(code.at(bci))) >> 4;
            if (kind != Bytecode.PLAIN && kind != Bytecode.WIDE_PREFIX) {
                return false;
            } else if (isSuperCall(bci, state)) {
                if (isLedBackTo(bci) || declaresUninitializedThis()) {
                    return false;
                }
                addSuperCall(bci);
                initializedFrom = bci + 3;
                return true;
            }
            state = state.after(raw, code.at(bci));
            isMoved |= !state.isInFirstVariable();
            bci += length;
        }
        return false;
    }

    /** Returns whether a branch behind that bci leads to it or before, or a handler has to do with what is there. */
    private boolean isLedBackTo(int bci) {
        for (int i = 0; i < code.handlerCount(); i++) {
            int at = code.handler(i);
            if (raw.u2(at) <= bci || raw.u2(at + 4) <= bci) {
                return true;
            }
        }
        int next;
        for (int at = bci + 3; at < code.length; at = next) {
            next = at + Bytecode.length(code.bytes, code.start, at, code.length);
            int kind = Bytecode.info(raw.u1(code.at(at))) >> 4;
            boolean back = switch (kind) {
                case Bytecode.CONDITIONAL, Bytecode.JUMP -> code.target(at) <= bci;
                case Bytecode.JUMP_WIDE -> code.wideTarget(at) <= bci;
                case Bytecode.TABLE_SWITCH, Bytecode.LOOKUP_SWITCH -> true; // rare, and followed all the same
                default -> false;
            };
            if (back) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a frame has {@code this} uninitialized: in the plain case that is unreachable code. */
    private boolean declaresUninitializedThis() {
        FrameReader frames = frames();
        while (frames.next()) {
            if (UninitializedThis.declaredBy(frames) != null) {
                return true;
            }
        }
        return false;
    }

    private FrameReader frames() {
        FrameReader frames = new FrameReader();
        frames.setTable(code);
        frames.start(code.method());
        return frames;
    }

    // ---- calls ----

    /** Returns whether the instruction calls a constructor on {@code this}. */
    private boolean isSuperCall(int bci, UninitializedThis state) {
        int at = code.at(bci);
        if (raw.u1(at) != Bytecode.INVOKESPECIAL) {
            return false;
        }
        if (!CallSite.isAt(raw, at)) {
            throw DoesNotFit.malformed("the call's constant is of another kind: index=" + raw.u2(at + 1), bci);
        }
        CallSite site = CallSite.at(raw, at);
        return site.isConstructor() && state.isBelow(Descriptors.parameterSlots(site.descriptor()));
    }

    private void addSuperCall(int bci) {
        if (superCallCount == superCalls.length) {
            superCalls = Arrays.copyOf(superCalls, 2 * superCallCount);
        }
        superCalls[superCallCount++] = bci;
    }

    // ---- the other case ----

    /** The walk over all ways through a constructor; each instruction is met at most twice. */
    private static final class AllWays {
        private final ConstructorFlow flow;
        private final OriginalCode code;
        private final byte[] states;
        private final ArrayDeque<Way> open = new ArrayDeque<>();
        private final CoveringHandlers uninitializedHandlers;
        private final CoveringHandlers initializedHandlers;

        AllWays(ConstructorFlow flow) {
            this.flow = flow;
            this.code = flow.code;
            this.states = new byte[code.length];
            this.uninitializedHandlers = CoveringHandlers.of(code);
            this.initializedHandlers = uninitializedHandlers.forAnotherWalk();
            flow.states = states;
        }

        void follow() {
            followFrom(0, UninitializedThis.atEntry());
            FrameReader frames = flow.frames();
            while (frames.next()) {
                if (frames.bci() < code.length && states[frames.bci()] == 0) {
                    followFrom(frames.bci(), UninitializedThis.declaredBy(frames));
                }
            }
        }

        private void followFrom(int bci, @Nullable UninitializedThis before) {
            open(bci, before, bci);
            while (!open.isEmpty()) {
                Way way = open.pop();
                follow(way.bci(), way.before());
            }
        }

        private void open(int target, @Nullable UninitializedThis before, int from) {
            if (target < 0 || target >= code.length) {
                throw DoesNotFit.malformed("control leaves the code", from);
            }
            if ((states[target] & mark(before)) == 0) {
                open.push(new Way(target, before));
            }
        }

        private static byte mark(@Nullable UninitializedThis before) {
            return before == null ? INITIALIZED : UNINITIALIZED;
        }

        private void follow(int from, @Nullable UninitializedThis initially) {
            int bci = from;
            UninitializedThis before = initially;
            while (true) {
                if (bci >= code.length) {
                    throw DoesNotFit.malformed("control leaves the code", from);
                }
                byte mark = mark(before);
                if ((states[bci] & mark) != 0) {
                    return;
                }
                states[bci] |= before == null || before.isInFirstVariable() ? mark : (byte) (mark | ELSEWHERE);
                openHandlers(bci, before);
                int opcode = code.bytes[code.at(bci)] & 0xff;
                int length = Bytecode.length(code.bytes, code.start, bci, code.length);
                UninitializedThis after = null;
                if (before != null && flow.isSuperCall(bci, before)) {
                    flow.addSuperCall(bci);
                } else if (before != null) {
                    after = before.after(flow.raw, code.at(bci));
                }
                openTargets(bci, Bytecode.info(opcode) >> 4, length, after);
                if (!fallsThrough(bci, opcode)) {
                    return;
                }
                // A subroutine takes the return address off again.
                before = opcode == Bytecode.JSR || opcode == Bytecode.JSR_W ? before : after;
                bci += length;
            }
        }

        private boolean fallsThrough(int bci, int opcode) {
            boolean wideRet = opcode == Bytecode.WIDE && (code.bytes[code.at(bci) + 1] & 0xff) == Bytecode.RET;
            return Bytecode.fallsThrough(opcode) && !wideRet;
        }

        private void openHandlers(int bci, @Nullable UninitializedThis before) {
            CoveringHandlers handlers = before == null ? initializedHandlers : uninitializedHandlers;
            for (int target = handlers.next(bci); target >= 0; target = handlers.next(bci)) {
                open(target, before == null ? null : before.inHandler(), bci);
            }
        }

        private void openTargets(int bci, int kind, int length, @Nullable UninitializedThis after) {
            if (kind == Bytecode.CONDITIONAL || kind == Bytecode.JUMP) {
                open(code.target(bci), after, bci);
            } else if (kind == Bytecode.JUMP_WIDE) {
                open(code.wideTarget(bci), after, bci);
            } else if (kind == Bytecode.TABLE_SWITCH || kind == Bytecode.LOOKUP_SWITCH) {
                int operands = code.at(bci + 4 - (bci & 3));
                open(bci + Bytecode.s4(code.bytes, operands), after, bci);
                int step = kind == Bytecode.TABLE_SWITCH ? 4 : 8;
                for (int at = operands + 12; at < code.at(bci + length); at += step) {
                    open(bci + Bytecode.s4(code.bytes, at), after, bci);
                }
            }
        }
    }
}

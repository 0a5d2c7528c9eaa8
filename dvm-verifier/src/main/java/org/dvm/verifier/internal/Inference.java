package org.dvm.verifier.internal;

import java.util.Arrays;
import java.util.Objects;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.internal.Interpreter.Dialect;
import org.dvm.verifier.internal.Interpreter.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Verification by type inference: the data flow is followed until the types at every place where paths join don't change
 * any more. States are kept at joins only; the code between is walked.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one method after the other.
 *
 * @jvms 4.10.2
 */
final class Inference {
    /** Steps - instructions walked and slots joined - after which a method counts as undecidable. */
    private static final long MAX_STEPS = 400_000_000;

    private final NameTable names;
    private final Code code;
    private final Relations relations;
    private final Interpreter interpreter;
    private final StaticOperands operands;
    private final Joins joins;
    private final Frame frame = new Frame();

    /** By bci: what is known where paths join; null elsewhere and where control hasn't come yet. */
    private @Nullable JoinState[] states = new JoinState[1024];

    /** The places of the states. */
    private int[] reached = new int[64];

    private int reachedCount;

    /** By bci: whether a state is kept there. */
    private boolean[] isJoin = new boolean[1024];

    /** One bit a bci: the states from which the code must be walked again. */
    private long[] pending = new long[(1024 >> 6) + 1];

    private int[] merged = new int[16];
    private @Nullable Subroutines subroutines;
    private boolean constructed;
    private boolean noReturn;
    private int firstProtected;
    private int lastProtected;
    private long steps;
    private int bci;

    Inference(NameTable names, ClassSets sets, Code code, Relations relations, Interpreter interpreter) {
        this.names = names;
        this.code = code;
        this.relations = relations;
        this.interpreter = interpreter;
        this.operands = new StaticOperands(code, names, interpreter);
        this.joins = new Joins(sets, relations);
    }

    /** Returns the bci of the instruction checked last. */
    int bci() {
        return bci;
    }

    /** Returns the state before or within the instruction checked last. */
    Frame frame() {
        return frame;
    }

    /** Checks the method that the code is opened at. */
    void check() throws MethodFault {
        bci = -1;
        EntryState.set(frame, code, names, relations);
        relations.use(Dialect.INFERENCE);
        try {
            code.scan(false);
            interpreter.use(frame, Dialect.INFERENCE);
            prepare();
            checkHandlers();
            run();
        } finally {
            relations.use(Dialect.TYPE_CHECKING);
        }
    }

    /** Checks the operands of all instructions, reachable or not, and finds the joins. */
    private void prepare() throws MethodFault {
        for (int i = 0; i < reachedCount; i++) {
            states[reached[i]] = null;
        }
        reachedCount = 0;
        if (states.length < code.length) {
            states = new JoinState[code.length];
            isJoin = new boolean[code.length];
            pending = new long[(code.length >> 6) + 1];
        } else {
            Arrays.fill(isJoin, 0, code.length, false);
            Arrays.fill(pending, 0, (code.length >> 6) + 1, 0);
        }
        subroutines = code.hasSubroutines ? new Subroutines(code) : null;
        joins.reset();
        steps = 0;
        isJoin[0] = true;
        for (int i = 0; i < code.operandsCount; i++) {
            bci = code.withOperands[i];
            operands.check(bci, isJoin);
        }
    }

    private void checkHandlers() throws MethodFault {
        bci = -1;
        firstProtected = code.length;
        lastProtected = -1;
        if (code.handlerCount > 0 && code.maxStack < 1) {
            throw MethodFault.of(TypeRule.STACK_OVERFLOW, "Stack size too large: a handler needs one item");
        }
        if (merged.length < code.handlerCount) {
            merged = new int[Math.max(code.handlerCount, 2 * merged.length)];
        }
        for (int i = code.handlerCount - 1; i >= 0; i--) {
            int start = code.handlerStart(i);
            int end = code.handlerEnd(i);
            int target = code.handlerTarget(i);
            if (start >= end || !code.isInstruction(start) || end != code.length && !code.isInstruction(end)) {
                throw MethodFault.of(TypeRule.EXCEPTION_TABLE, "Illegal exception table range " + start + " to " + end);
            }
            if (target == 0 || !code.isInstruction(target)) {
                throw MethodFault.of(TypeRule.EXCEPTION_TABLE, "Illegal exception table handler " + target);
            }
            int constant = code.handlerType(i);
            if (constant != 0 && !relations.isThrowable(names.classType(constant))) {
                throw MethodFault.ofTypes(
                        TypeRule.CATCH_TYPE,
                        "catch_type not a subclass of Throwable",
                        NameTable.THROWABLE_TYPE,
                        names.classType(constant));
            }
            isJoin[target] = true;
            firstProtected = Math.min(firstProtected, start);
            lastProtected = Math.max(lastProtected, end);
        }
    }

    /** Walks from changed states, in the order of the code and, as long as there are any, again from its start. */
    private void run() throws MethodFault {
        constructed = false;
        noReturn = false;
        keep(0, new JoinState(frame, constructed, noReturn, subroutines == null ? null : subroutines.none()));
        for (int at = nextPending(0); at >= 0; ) {
            pending[at >> 6] &= ~(1L << at);
            walk(at, Objects.requireNonNull(states[at]));
            int next = nextPending(at + 1);
            at = next >= 0 ? next : nextPending(0);
        }
    }

    /** Returns the first changed state from a place on, or -1. */
    private int nextPending(int from) {
        int last = code.length >> 6;
        int word = from >> 6;
        if (word > last) {
            return -1;
        }
        long bits = pending[word] & -1L << from;
        while (bits == 0) {
            if (++word > last) {
                return -1;
            }
            bits = pending[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    private void keep(int at, JoinState state) {
        states[at] = state;
        if (reachedCount == reached.length) {
            reached = Arrays.copyOf(reached, 2 * reachedCount);
        }
        reached[reachedCount++] = at;
        setPending(at);
    }

    private void setPending(int at) {
        pending[at >> 6] |= 1L << at;
    }

    /** Follows the code from a join to the next ones. */
    private void walk(int start, JoinState state) throws MethodFault {
        state.restore(frame);
        constructed = state.constructed;
        noReturn = state.noReturn;
        if (subroutines != null) {
            subroutines.restore(state.masks());
        }
        Arrays.fill(merged, 0, code.handlerCount, frame.version - 1);
        int at = start;
        while (true) {
            bci = at;
            if (++steps > MAX_STEPS) {
                throw MethodFault.of(TypeRule.UNDECIDED, "more paths than the verifier follows");
            }
            if (at >= firstProtected && at < lastProtected) {
                mergeIntoHandlers(at, constructed, noReturn);
            }
            if (subroutines != null) {
                subroutines.beforeInstruction(at, frame);
            }
            Flow flow = interpreter.execute(at);
            if (flow != Flow.NEXT && !follow(flow, at)) {
                return;
            }
            at += code.lengthAt(at, code.u1(at));
            if (at >= code.length) {
                throw MethodFault.of(TypeRule.FALLS_OFF_END, "Falling off the end of the code");
            }
            if (isJoin[at]) {
                merge(at);
                return;
            }
        }
    }

    /** Merges into the targets of an instruction; returns whether the next one is reached. */
    private boolean follow(Flow flow, int at) throws MethodFault {
        switch (flow) {
            case INITIALIZE:
                initialize(at);
                return true;
            case BRANCH:
                merge(at + code.s2(at + 1));
                return true;
            case GOTO:
                merge(at + code.s2(at + 1));
                return false;
            case GOTO_WIDE:
                merge(at + code.s4(at + 1));
                return false;
            case SWITCH:
                mergeSwitch(at);
                return false;
            case RETURN:
                checkReturn(at);
                return false;
            case JSR:
                enterSubroutine(at, at + code.s2(at + 1));
                return false;
            case JSR_WIDE:
                enterSubroutine(at, at + code.s4(at + 1));
                return false;
            case RET:
                leaveSubroutine(at);
                return false;
            default:
                return false;
        }
    }

    private void checkReturn(int at) throws MethodFault {
        boolean needsConstructor = code.isConstructor && relations.superId() != 0;
        if (code.u1(at) == Opcode.RETURN && needsConstructor && !constructed) {
            throw MethodFault.of(TypeRule.CONSTRUCTOR_CALL, "Constructor must call super() or this()");
        }
        if (noReturn) {
            throw MethodFault.of(TypeRule.CONSTRUCTOR_CALL, "Cannot return normally");
        }
    }

    private void mergeSwitch(int at) throws MethodFault {
        int aligned = (at & ~3) + 4;
        boolean table = code.u1(at) == Opcode.TABLESWITCH;
        int count = table ? code.s4(aligned + 8) - code.s4(aligned + 4) + 1 : code.s4(aligned + 4);
        int first = aligned + 12;
        for (int i = 0; i < count; i++) {
            merge(at + code.s4(table ? first + 4 * i : first + 8 * i));
        }
        merge(at + code.s4(aligned));
    }

    /** A handler of a constructor call can be reached with and without success; it can't return, then. */
    private void initialize(int at) throws MethodFault {
        int object = interpreter.initialized();
        boolean isThis = object == Types.UNINITIALIZED_THIS;
        if (subroutines != null) {
            subroutines.touchAll(frame, object);
        }
        frame.replace(object, interpreter.initializedType());
        constructed |= isThis;
        mergeIntoHandlers(at, constructed, noReturn || isThis);
    }

    private void mergeIntoHandlers(int at, boolean constructed, boolean noReturn) throws MethodFault {
        for (int i = 0; i < code.handlerCount; i++) {
            if (merged[i] != frame.version && at >= code.handlerStart(i) && at < code.handlerEnd(i)) {
                merged[i] = frame.version;
                mergeIntoHandler(i, constructed, noReturn);
            }
        }
    }

    private void mergeIntoHandler(int handler, boolean constructed, boolean noReturn) throws MethodFault {
        int constant = code.handlerType(handler);
        int caught = constant == 0 ? NameTable.THROWABLE_TYPE : names.classType(constant);
        int depth = frame.depth;
        int lowest = frame.stack[0];
        frame.stack[0] = caught;
        frame.depth = 1;
        merge(code.handlerTarget(handler), constructed, noReturn);
        frame.stack[0] = lowest;
        frame.depth = depth;
    }

    private void merge(int target) throws MethodFault {
        merge(target, constructed, noReturn);
    }

    private void merge(int target, boolean constructed, boolean noReturn) throws MethodFault {
        JoinState state = states[target];
        steps += frame.localCount + frame.depth;
        if (state == null) {
            state = new JoinState(frame, constructed, noReturn, subroutines == null ? null : subroutines.snapshot());
            joins.count(state);
            keep(target, state);
        } else if (state.merge(frame, constructed, noReturn, joins)
                | (subroutines != null && subroutines.mergeInto(state))) {
            setPending(target);
        }
    }

    private void enterSubroutine(int at, int target) throws MethodFault {
        Subroutines known = subroutines();
        known.enter(target);
        Subroutines.dropUninitialized(frame);
        merge(target);
        int ret = known.returnOf(at);
        if (ret >= 0 && states[ret] != null) {
            setPending(ret);
        }
    }

    /** Goes back to after every jsr that entered the subroutine and has been reached itself. */
    private void leaveSubroutine(int at) throws MethodFault {
        Subroutines known = subroutines();
        int local = code.u1(at) == Opcode.WIDE ? code.u2(at + 2) : code.u1(at + 1);
        int entry = Types.bci(frame.local(local));
        Subroutines.dropUninitialized(frame);
        JoinState leaving = new JoinState(frame, constructed, noReturn, known.snapshot());
        for (int jsr : known.callsOf(entry)) {
            known.setReturn(jsr, at);
            int next = jsr + code.lengthAt(jsr);
            if (next >= code.length) {
                throw MethodFault.of(TypeRule.FALLS_OFF_END, "Falling off the end of the code");
            }
            JoinState calling = states[jsr];
            if (calling != null) {
                leaving.restore(frame);
                known.restore(leaving.masks());
                known.leave(entry, frame, calling);
                merge(next);
            }
        }
    }

    private Subroutines subroutines() {
        return Objects.requireNonNull(subroutines);
    }
}

package org.dvm.verifier.internal;

import org.dvm.verifier.TypeRule;
import org.dvm.verifier.internal.Interpreter.Dialect;
import org.dvm.verifier.internal.Interpreter.Flow;

/**
 * Verification by type checking: one pass over the code, with the stack map frames where control flow joins.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one method after the other.
 *
 * @jvms 4.10.1
 */
final class TypeChecker {
    private final NameTable names;
    private final Code code;
    private final Relations relations;
    private final Interpreter interpreter;
    private final StackMaps maps;
    private final Frame frame = new Frame();

    /** By handler: the version of the frame that was last found to fit; handlers are checked again only after changes. */
    private int[] fitting = new int[16];

    private int firstProtected;
    private int lastProtected;
    private int bci;

    TypeChecker(NameTable names, Code code, Relations relations, Interpreter interpreter) {
        this.names = names;
        this.code = code;
        this.relations = relations;
        this.interpreter = interpreter;
        this.maps = new StackMaps(names, code);
    }

    /** Returns the bci of the instruction checked last. */
    int bci() {
        return bci;
    }

    /** Returns the state before or within the instruction checked last. */
    Frame frame() {
        return frame;
    }

    StackMaps maps() {
        return maps;
    }

    /** Checks the method that the code is opened at. */
    void check() throws MethodFault {
        bci = -1;
        EntryState.set(frame, code, names, relations);
        code.scan(true);
        checkHandlers();
        code.checkLocalVariableTables();
        maps.read(frame, relations.world().jvm());
        interpreter.use(frame, Dialect.TYPE_CHECKING);
        run();
    }

    private void checkHandlers() throws MethodFault {
        firstProtected = code.length;
        lastProtected = -1;
        if (fitting.length < code.handlerCount) {
            fitting = new int[Math.max(code.handlerCount, 2 * fitting.length)];
        }
        for (int i = 0; i < code.handlerCount; i++) {
            int start = code.handlerStart(i);
            int end = code.handlerEnd(i);
            int target = code.handlerTarget(i);
            if (!code.isInstruction(start)) {
                throw MethodFault.of(TypeRule.EXCEPTION_TABLE, "Illegal exception table start_pc " + start);
            }
            if (end != code.length && !code.isInstruction(end)) {
                throw MethodFault.of(TypeRule.EXCEPTION_TABLE, "Illegal exception table end_pc " + end);
            }
            if (!code.isInstruction(target)) {
                throw MethodFault.of(TypeRule.EXCEPTION_TABLE, "Illegal exception table handler_pc " + target);
            }
            checkCatchType(i);
            firstProtected = Math.min(firstProtected, start);
            lastProtected = Math.max(lastProtected, end);
            fitting[i] = frame.version - 1;
        }
    }

    private void checkCatchType(int handler) throws MethodFault {
        int constant = code.handlerType(handler);
        if (constant != 0 && !relations.isThrowable(names.classType(constant))) {
            throw MethodFault.ofTypes(
                    TypeRule.CATCH_TYPE,
                    "Catch type is not a subclass of Throwable in exception handler " + code.handlerTarget(handler),
                    NameTable.THROWABLE_TYPE,
                    names.classType(constant));
        }
    }

    private void run() throws MethodFault {
        int next = 0;
        boolean reachable = true;
        for (bci = 0; bci < code.length; ) {
            int at = bci;
            if (next < maps.count() && maps.bci(next) == at) {
                enter(next, reachable);
                next++;
            } else if (!reachable) {
                throw MethodFault.of(TypeRule.STACK_MAP_MISSING, "Expecting a stack map frame");
            }
            boolean guarded = at >= firstProtected && at < lastProtected;
            if (guarded) {
                // Only stores and constructor calls change locals: the state before the instruction decides, then.
                matchHandlers(at, frame.thisUninitialized);
            }
            Flow flow = interpreter.execute(at);
            if (flow == Flow.NEXT) {
                reachable = true;
            } else {
                reachable = follow(flow, at, guarded);
            }
            bci = at + code.lengthAt(at);
        }
        if (reachable) {
            throw MethodFault.of(TypeRule.FALLS_OFF_END, "Control flow falls through code end");
        }
    }

    /** Follows the edges of an instruction; returns whether the next one is reached. */
    private boolean follow(Flow flow, int at, boolean guarded) throws MethodFault {
        switch (flow) {
            case INITIALIZE:
                initialize(at, guarded);
                return true;
            case BRANCH:
                branch(at + code.s2(at + 1));
                return true;
            case GOTO:
                branch(at + code.s2(at + 1));
                return false;
            case GOTO_WIDE:
                branch((long) at + code.s4(at + 1));
                return false;
            case SWITCH:
                branches(at);
                return false;
            case RETURN:
                if (code.isConstructor && frame.thisUninitialized && code.u1(at) == Opcode.RETURN) {
                    throw MethodFault.of(
                            TypeRule.CONSTRUCTOR_CALL, "Constructor must call super() or this() before return");
                }
                return false;
            case THROW:
                return false;
            default:
                throw new IllegalStateException("not in this dialect: flow=" + flow);
        }
    }

    private void branches(int at) throws MethodFault {
        int aligned = (at & ~3) + 4;
        boolean table = code.u1(at) == Opcode.TABLESWITCH;
        int count = table ? code.s4(aligned + 8) - code.s4(aligned + 4) + 1 : code.s4(aligned + 4);
        int first = aligned + 12;
        branch((long) at + code.s4(aligned));
        for (int i = 0; i < count; i++) {
            branch((long) at + code.s4(table ? first + 4 * i : first + 8 * i));
        }
    }

    /** Takes over the stack map frame that stands at this place. */
    private void enter(int map, boolean reachable) throws MethodFault {
        if (reachable) {
            match(map, frame.depth, TypeRule.STACK_MAP_MISMATCH, frame.thisUninitialized);
        }
        int count = maps.localCount(map);
        int[] locals = frame.locals;
        for (int i = 0; i < count; i++) {
            locals[i] = maps.local(map, i);
        }
        for (int i = count; i < frame.maxLocals; i++) {
            locals[i] = Types.TOP;
        }
        frame.localCount = count;
        frame.depth = maps.depth(map);
        for (int i = 0; i < frame.depth; i++) {
            frame.stack[i] = maps.stack(map, i);
        }
        frame.thisUninitialized = maps.thisUninitialized(map);
        frame.version++;
    }

    private void branch(long target) throws MethodFault {
        int map = maps.at((int) Math.max(-1, Math.min(target, code.length)));
        if (map < 0) {
            throw MethodFault.of(TypeRule.STACK_MAP_MISSING, "Expecting a stackmap frame at branch target " + target);
        }
        match(map, frame.depth, TypeRule.STACK_MAP_MISMATCH, frame.thisUninitialized);
    }

    /** Checks that the current state may go on as a stack map frame says. */
    private void match(int map, int depth, TypeRule rule, boolean thisUninitialized) throws MethodFault {
        if (maps.depth(map) != depth) {
            throw MethodFault.of(
                    rule,
                    "Inconsistent stackmap frames at branch target " + maps.bci(map) + ": stack of " + depth
                            + ", frame's of " + maps.depth(map));
        }
        matchLocals(map, rule);
        for (int i = 0; i < depth; i++) {
            int found = frame.stack[i];
            int expected = maps.stack(map, i);
            if (found != expected && !relations.isAssignable(found, expected)) {
                throw mismatch(rule, map, "stack[" + i + "]", expected, found);
            }
        }
        checkFlags(map, rule, thisUninitialized);
    }

    private void matchLocals(int map, TypeRule rule) throws MethodFault {
        int count = maps.localCount(map);
        for (int i = 0; i < count; i++) {
            int found = frame.locals[i];
            int expected = maps.local(map, i);
            if (found != expected && !relations.isAssignable(found, expected)) {
                throw mismatch(rule, map, "locals[" + i + "]", expected, found);
            }
        }
    }

    private void checkFlags(int map, TypeRule rule, boolean thisUninitialized) throws MethodFault {
        if (thisUninitialized && !maps.thisUninitialized(map)) {
            throw MethodFault.of(
                    rule,
                    "Inconsistent stackmap frames at branch target " + maps.bci(map) + ": this isn't initialized");
        }
    }

    private static MethodFault mismatch(TypeRule rule, int map, String slot, int expected, int found) {
        return MethodFault.ofTypes(rule, "Inconsistent stackmap frames: " + slot + " of frame " + map, expected, found);
    }

    private void matchHandlers(int at, boolean thisUninitialized) throws MethodFault {
        for (int i = 0; i < code.handlerCount; i++) {
            if (at >= code.handlerStart(i) && at < code.handlerEnd(i) && fitting[i] != frame.version) {
                matchHandler(i, thisUninitialized);
                fitting[i] = frame.version;
            }
        }
    }

    private void matchHandler(int handler, boolean thisUninitialized) throws MethodFault {
        int constant = code.handlerType(handler);
        int caught = constant == 0 ? NameTable.THROWABLE_TYPE : names.classType(constant);
        if (code.maxStack < 1) {
            throw MethodFault.of(TypeRule.STACK_OVERFLOW, "Operand stack overflow");
        }
        int target = code.handlerTarget(handler);
        int map = maps.at(target);
        if (map < 0) {
            throw MethodFault.of(TypeRule.STACK_MAP_MISSING, "Expecting a stackmap frame at branch target " + target);
        }
        if (maps.depth(map) != 1) {
            throw MethodFault.of(
                    TypeRule.HANDLER_MISMATCH, "Stack map does not match the one at exception handler " + target);
        }
        matchLocals(map, TypeRule.HANDLER_MISMATCH);
        int expected = maps.stack(map, 0);
        if (!relations.isAssignable(caught, expected)) {
            throw mismatch(TypeRule.HANDLER_MISMATCH, map, "stack[0]", expected, caught);
        }
        checkFlags(map, TypeRule.HANDLER_MISMATCH, thisUninitialized);
    }

    /** A handler of a call that initializes {@code this} can be reached with and without success. */
    private void initialize(int at, boolean guarded) throws MethodFault {
        int object = interpreter.initialized();
        frame.replace(object, interpreter.initializedType());
        boolean wasThis = object == Types.UNINITIALIZED_THIS;
        if (wasThis) {
            frame.thisUninitialized = false;
        }
        if (guarded) {
            matchHandlers(at, wasThis || frame.thisUninitialized);
            if (wasThis) {
                frame.version++;
            }
        }
    }
}

package org.dvm.verifier.internal;

import org.dvm.core.classfile.RawClass;
import org.dvm.verifier.TypeRule;

/**
 * What one instruction does to a frame, and what it needs; the two verifiers differ in how they follow control flow and
 * in a few instructions ({@link Dialect}).
 *
 * <p><b>Threads:</b> confined to one thread; reused for one class after the other.
 *
 * @jvms 4.10.1.9
 */
final class Interpreter {
    /** The JVM's two verifiers, which disagree on some instructions. */
    enum Dialect {
        /** With stack map frames: class file versions from 50 on. */
        TYPE_CHECKING,
        /** Without: older versions, and version 50 where its frames are wrong. */
        INFERENCE
    }

    /** Where control goes after an instruction. */
    enum Flow {
        NEXT,
        /** To the next instruction, after the object that a constructor was called on has become initialized. */
        INITIALIZE,
        /** To the next instruction or by a two-byte offset. */
        BRANCH,
        /** By a two-byte offset. */
        GOTO,
        /** By a four-byte offset. */
        GOTO_WIDE,
        SWITCH,
        /** Out of the method by a return. */
        RETURN,
        /** Out of the method or to a handler. */
        THROW,
        /** To a subroutine by a two-byte offset. */
        JSR,
        /** To a subroutine by a four-byte offset. */
        JSR_WIDE,
        /** Back from a subroutine. */
        RET
    }

    private static final int[] KINDS = {Types.INT, Types.LONG, Types.FLOAT, Types.DOUBLE, Types.REFERENCE};
    private static final String ARRAY_ELEMENTS = "IJFDLBCS";
    private static final int[] ELEMENT_SLOTS = {
        Types.INT, Types.LONG, Types.FLOAT, Types.DOUBLE, Types.REFERENCE, Types.INT, Types.INT, Types.INT
    };
    private static final String NEWARRAY_ELEMENTS = "ZCFDBSIJ";
    private static final int FIRST_NEWARRAY = 4;

    private final NameTable names;
    private final Code code;
    private final Relations relations;
    private final Calls calls;
    private Frame frame = new Frame();
    private Dialect dialect = Dialect.TYPE_CHECKING;

    Interpreter(NameTable names, Code code, Relations relations) {
        this.names = names;
        this.code = code;
        this.relations = relations;
        this.calls = new Calls(names, code, relations);
    }

    Calls calls() {
        return calls;
    }

    /** Turns to a frame, which the instructions change from now on. */
    void use(Frame frame, Dialect dialect) {
        this.frame = frame;
        this.dialect = dialect;
        frame.movesNothing = dialect == Dialect.INFERENCE;
        calls.use(frame, dialect);
    }

    /** Returns what the last call of a constructor initialized; {@link Types#TOP} where it was none. */
    int initialized() {
        return calls.initialized();
    }

    /** Returns what the object that the last call of a constructor initialized turns into. */
    int initializedType() throws MethodFault {
        return calls.initializedType();
    }

    /** Checks one instruction against the frame and changes the frame as it does. */
    Flow execute(int bci) throws MethodFault {
        int opcode = code.u1(bci);
        int[] pops = Opcode.pops(opcode);
        if (pops != null) {
            frame.popAll(pops);
            frame.pushAll(Opcode.pushes(opcode));
            return Flow.NEXT;
        }
        if (opcode >= Opcode.ILOAD_0 && opcode < Opcode.IALOAD) {
            load(KINDS[opcode - Opcode.ILOAD_0 >> 2], opcode - Opcode.ILOAD_0 & 3);
            return Flow.NEXT;
        }
        if (opcode >= Opcode.ISTORE_0 && opcode < Opcode.IASTORE) {
            store(KINDS[opcode - Opcode.ISTORE_0 >> 2], opcode - Opcode.ISTORE_0 & 3);
            return Flow.NEXT;
        }
        switch (opcode) {
            case Opcode.ACONST_NULL:
                frame.push(Types.NULL);
                return Flow.NEXT;
            case Opcode.LDC:
                calls.loadConstant(code.u1(bci + 1), 1);
                return Flow.NEXT;
            case Opcode.LDC_W:
                calls.loadConstant(code.u2(bci + 1), 1);
                return Flow.NEXT;
            case Opcode.LDC2_W:
                calls.loadConstant(code.u2(bci + 1), 2);
                return Flow.NEXT;
            case Opcode.ILOAD:
            case Opcode.LLOAD:
            case Opcode.FLOAD:
            case Opcode.DLOAD:
            case Opcode.ALOAD:
                load(KINDS[opcode - Opcode.ILOAD], code.u1(bci + 1));
                return Flow.NEXT;
            case Opcode.ISTORE:
            case Opcode.LSTORE:
            case Opcode.FSTORE:
            case Opcode.DSTORE:
            case Opcode.ASTORE:
                store(KINDS[opcode - Opcode.ISTORE], code.u1(bci + 1));
                return Flow.NEXT;
            case Opcode.IINC:
                increment(code.u1(bci + 1));
                return Flow.NEXT;
            case Opcode.WIDE:
                return wide(bci);
            case Opcode.IALOAD:
            case Opcode.LALOAD:
            case Opcode.FALOAD:
            case Opcode.DALOAD:
            case Opcode.AALOAD:
            case Opcode.BALOAD:
            case Opcode.CALOAD:
            case Opcode.SALOAD:
                arrayLoad(opcode - Opcode.IALOAD);
                return Flow.NEXT;
            case Opcode.IASTORE:
            case Opcode.LASTORE:
            case Opcode.FASTORE:
            case Opcode.DASTORE:
            case Opcode.AASTORE:
            case Opcode.BASTORE:
            case Opcode.CASTORE:
            case Opcode.SASTORE:
                arrayStore(opcode - Opcode.IASTORE);
                return Flow.NEXT;
            case Opcode.GETSTATIC:
            case Opcode.PUTSTATIC:
            case Opcode.GETFIELD:
            case Opcode.PUTFIELD:
                calls.field(opcode, code.u2(bci + 1));
                return Flow.NEXT;
            case Opcode.INVOKEVIRTUAL:
            case Opcode.INVOKESPECIAL:
            case Opcode.INVOKESTATIC:
            case Opcode.INVOKEINTERFACE:
            case Opcode.INVOKEDYNAMIC:
                calls.invoke(opcode, bci);
                return calls.initialized() == Types.TOP ? Flow.NEXT : Flow.INITIALIZE;
            case Opcode.POP:
                frame.drop(1);
                return Flow.NEXT;
            case Opcode.POP2:
                frame.drop(2);
                return Flow.NEXT;
            case Opcode.DUP:
                frame.duplicate(1, 0);
                return Flow.NEXT;
            case Opcode.DUP_X1:
                frame.duplicate(1, 1);
                return Flow.NEXT;
            case Opcode.DUP_X2:
                frame.duplicate(1, 2);
                return Flow.NEXT;
            case Opcode.DUP2:
                frame.duplicate(2, 0);
                return Flow.NEXT;
            case Opcode.DUP2_X1:
                frame.duplicate(2, 1);
                return Flow.NEXT;
            case Opcode.DUP2_X2:
                frame.duplicate(2, 2);
                return Flow.NEXT;
            case Opcode.SWAP:
                frame.swap();
                return Flow.NEXT;
            case Opcode.NEW:
                create(bci);
                return Flow.NEXT;
            case Opcode.NEWARRAY:
                newArray(code.u1(bci + 1));
                return Flow.NEXT;
            case Opcode.ANEWARRAY:
                newReferenceArray(code.u2(bci + 1));
                return Flow.NEXT;
            case Opcode.MULTIANEWARRAY:
                newMultiArray(code.u2(bci + 1), code.u1(bci + 3));
                return Flow.NEXT;
            case Opcode.ARRAYLENGTH:
                int array = popReference();
                if (array != Types.NULL && !Types.isArray(array)) {
                    throw MethodFault.of(
                            TypeRule.OPERAND_TYPE,
                            "Bad type on operand stack in arraylength: " + names.describe(array));
                }
                frame.push(Types.INT);
                return Flow.NEXT;
            case Opcode.CHECKCAST:
                calls.checkClassConstant(code.u2(bci + 1));
                popInitialized();
                frame.push(names.classType(code.u2(bci + 1)));
                return Flow.NEXT;
            case Opcode.INSTANCEOF:
                calls.checkClassConstant(code.u2(bci + 1));
                popInitialized();
                frame.push(Types.INT);
                return Flow.NEXT;
            case Opcode.MONITORENTER:
            case Opcode.MONITOREXIT:
                popComparable();
                return Flow.NEXT;
            default:
                return transfer(opcode, bci);
        }
    }

    /** Instructions after which control may go elsewhere. */
    private Flow transfer(int opcode, int bci) throws MethodFault {
        if (opcode >= Opcode.IFEQ && opcode <= Opcode.IFLE) {
            frame.pop(Types.INT);
            return Flow.BRANCH;
        }
        if (opcode >= Opcode.IF_ICMPEQ && opcode <= Opcode.IF_ICMPLE) {
            frame.pop(Types.INT);
            frame.pop(Types.INT);
            return Flow.BRANCH;
        }
        switch (opcode) {
            case Opcode.IF_ACMPEQ:
            case Opcode.IF_ACMPNE:
                popComparable();
                popComparable();
                return Flow.BRANCH;
            case Opcode.IFNULL:
            case Opcode.IFNONNULL:
                popReference();
                return Flow.BRANCH;
            case Opcode.GOTO:
                return Flow.GOTO;
            case Opcode.GOTO_W:
                return Flow.GOTO_WIDE;
            case Opcode.TABLESWITCH:
            case Opcode.LOOKUPSWITCH:
                checkSwitch(opcode, bci);
                frame.pop(Types.INT);
                return Flow.SWITCH;
            case Opcode.IRETURN:
            case Opcode.LRETURN:
            case Opcode.FRETURN:
            case Opcode.DRETURN:
            case Opcode.ARETURN:
                returnValue(KINDS[opcode - Opcode.IRETURN]);
                return Flow.RETURN;
            case Opcode.RETURN:
                if (code.returnType != Types.VOID) {
                    throw MethodFault.of(TypeRule.RETURN_TYPE, "Method expects a return value");
                }
                return Flow.RETURN;
            case Opcode.ATHROW:
                int thrown = frame.pop();
                if (!relations.isAssignable(thrown, NameTable.THROWABLE_TYPE)) {
                    throw Frame.badOperand(NameTable.THROWABLE_TYPE, thrown);
                }
                return Flow.THROW;
            case Opcode.JSR:
            case Opcode.JSR_W:
                checkSubroutinesAllowed(opcode);
                int target = bci + (opcode == Opcode.JSR ? code.s2(bci + 1) : code.s4(bci + 1));
                frame.push(Types.returnAddress(target));
                return opcode == Opcode.JSR ? Flow.JSR : Flow.JSR_WIDE;
            case Opcode.RET:
                checkSubroutinesAllowed(opcode);
                checkReturnAddress(code.u1(bci + 1));
                return Flow.RET;
            default:
                throw MethodFault.of(TypeRule.INSTRUCTION, "Bad instruction: " + Opcode.name(opcode));
        }
    }

    private Flow wide(int bci) throws MethodFault {
        int opcode = code.u1(bci + 1);
        int index = code.u2(bci + 2);
        if (opcode == Opcode.RET) {
            checkSubroutinesAllowed(opcode);
            checkReturnAddress(index);
            return Flow.RET;
        }
        if (opcode == Opcode.IINC) {
            increment(index);
        } else if (opcode <= Opcode.ALOAD) {
            load(KINDS[opcode - Opcode.ILOAD], index);
        } else {
            store(KINDS[opcode - Opcode.ISTORE], index);
        }
        return Flow.NEXT;
    }

    private void checkSubroutinesAllowed(int opcode) throws MethodFault {
        if (dialect == Dialect.TYPE_CHECKING) {
            throw MethodFault.of(TypeRule.INSTRUCTION, "Bad instruction: " + Opcode.name(opcode));
        }
    }

    private void checkReturnAddress(int index) throws MethodFault {
        int found = frame.local(index);
        if (!Types.isReturnAddress(found)) {
            throw MethodFault.of(
                    TypeRule.SUBROUTINE,
                    "local " + index + " holds " + names.describe(found) + ", not a return address");
        }
    }

    private void load(int kind, int index) throws MethodFault {
        if (Types.isTwoSlot(kind)) {
            if (index + 1 >= frame.localCount) {
                throw MethodFault.of(TypeRule.LOCAL_INDEX, "get long/double overflows locals: index " + index);
            }
            if (frame.locals[index] != kind || frame.locals[index + 1] != kind + 1) {
                throw badLocal(index, kind);
            }
            frame.push(kind);
            frame.push(kind + 1);
            return;
        }
        int found = frame.local(index);
        boolean fits = kind == Types.REFERENCE ? Types.isReferenceOrUninitialized(found) : found == kind;
        if (!fits) {
            throw badLocal(index, kind);
        }
        frame.push(found);
    }

    private void increment(int index) throws MethodFault {
        if (frame.local(index) != Types.INT) {
            throw badLocal(index, Types.INT);
        }
    }

    private MethodFault badLocal(int index, int kind) {
        return MethodFault.ofTypes(
                TypeRule.LOCAL_TYPE,
                "Bad local variable type",
                kind == Types.REFERENCE ? NameTable.OBJECT_TYPE : kind,
                frame.locals[index]);
    }

    private void store(int kind, int index) throws MethodFault {
        if (Types.isTwoSlot(kind)) {
            frame.pop(kind + 1);
            frame.pop(kind);
            if (dialect == Dialect.TYPE_CHECKING) {
                frame.store2(index, kind);
            } else {
                frame.put(index + 1, kind + 1);
                frame.put(index, kind);
                frame.localCount = Math.max(frame.localCount, index + 2);
            }
            return;
        }
        int value = frame.pop();
        boolean fits = kind == Types.REFERENCE
                ? Types.isReferenceOrUninitialized(value) || Types.isReturnAddress(value)
                : value == kind;
        if (!fits) {
            throw Frame.badOperand(kind == Types.REFERENCE ? NameTable.OBJECT_TYPE : kind, value);
        }
        if (dialect == Dialect.TYPE_CHECKING) {
            frame.store(index, value);
        } else {
            frame.put(index, value);
            frame.localCount = Math.max(frame.localCount, index + 1);
        }
    }

    /** Pops a reference, initialized or not. */
    private int popReference() throws MethodFault {
        int found = frame.pop();
        if (!Types.isReferenceOrUninitialized(found)) {
            throw Frame.badOperand(NameTable.OBJECT_TYPE, found);
        }
        return found;
    }

    /** Pops an initialized reference. */
    private int popInitialized() throws MethodFault {
        int found = frame.pop();
        if (!Types.isReference(found)) {
            throw Frame.badOperand(NameTable.OBJECT_TYPE, found);
        }
        return found;
    }

    /** Pops what can be compared or locked: the inference verifier wants that initialized. */
    private void popComparable() throws MethodFault {
        if (dialect == Dialect.INFERENCE) {
            popInitialized();
        } else {
            popReference();
        }
    }

    private void arrayLoad(int kind) throws MethodFault {
        frame.pop(Types.INT);
        int array = popArray(kind);
        int slot = ELEMENT_SLOTS[kind];
        if (slot == Types.REFERENCE) {
            frame.push(array == Types.NULL ? Types.NULL : Types.component(array));
        } else {
            frame.push(slot);
            if (Types.isTwoSlot(slot)) {
                frame.push(slot + 1);
            }
        }
    }

    private void arrayStore(int kind) throws MethodFault {
        int slot = ELEMENT_SLOTS[kind];
        if (slot == Types.REFERENCE) {
            popInitialized();
        } else {
            if (Types.isTwoSlot(slot)) {
                frame.pop(slot + 1);
            }
            frame.pop(slot);
        }
        frame.pop(Types.INT);
        popArray(kind);
    }

    private int popArray(int kind) throws MethodFault {
        int array = popReference();
        char wanted = ARRAY_ELEMENTS.charAt(kind);
        boolean fits = array == Types.NULL;
        if (!fits && Types.isArray(array)) {
            char element = NameTable.primitiveElement(array);
            fits = element == (wanted == 'L' ? 0 : wanted) || wanted == 'B' && element == 'Z';
        }
        if (!fits) {
            throw MethodFault.ofTypes(
                    TypeRule.OPERAND_TYPE,
                    "Bad type on operand stack in array instruction",
                    wanted == 'L' ? Types.ofArray(1, NameTable.OBJECT) : NameTable.primitiveArray(wanted),
                    array);
        }
        return array;
    }

    private void create(int bci) throws MethodFault {
        int constant = code.u2(bci + 1);
        calls.checkClassConstant(constant);
        if (!Types.isObject(names.classType(constant))) {
            throw MethodFault.of(
                    TypeRule.OPERAND, "Illegal new instruction: " + names.describe(names.classType(constant)));
        }
        int created = Types.uninitialized(bci);
        if (dialect == Dialect.INFERENCE) {
            for (int i = 0; i < frame.depth; i++) {
                if (frame.stack[i] == created) {
                    throw MethodFault.of(TypeRule.OPERAND_TYPE, "Uninitialized object on stack at creating point");
                }
            }
            for (int i = 0; i < frame.localCount; i++) {
                if (frame.locals[i] == created) {
                    frame.put(i, Types.TOP);
                }
            }
        }
        frame.push(created);
    }

    private void newArray(int element) throws MethodFault {
        checkNewArray(element);
        frame.pop(Types.INT);
        frame.push(NameTable.primitiveArray(NEWARRAY_ELEMENTS.charAt(element - FIRST_NEWARRAY)));
    }

    /** Checks the element type that a newarray names. */
    void checkNewArray(int element) throws MethodFault {
        if (element < FIRST_NEWARRAY || element >= FIRST_NEWARRAY + NEWARRAY_ELEMENTS.length()) {
            throw MethodFault.of(TypeRule.OPERAND, "Illegal newarray instruction: element type " + element);
        }
    }

    private void newReferenceArray(int constant) throws MethodFault {
        calls.checkClassConstant(constant);
        frame.pop(Types.INT);
        int component = names.classType(constant);
        int dimensions = Types.dimensions(component) + 1;
        if (dimensions > Types.MAX_DIMENSIONS) {
            throw MethodFault.of(TypeRule.OPERAND, "Illegal anewarray instruction, array has more than 255 dimensions");
        }
        frame.push(Types.ofArray(dimensions, Types.id(component)));
    }

    private void newMultiArray(int constant, int dimensions) throws MethodFault {
        calls.checkClassConstant(constant);
        int type = names.classType(constant);
        if (!Types.isArray(type)) {
            throw MethodFault.of(
                    TypeRule.OPERAND,
                    "Illegal constant pool index in multianewarray instruction: " + names.describe(type));
        }
        if (dimensions < 1 || Types.dimensions(type) < dimensions) {
            throw MethodFault.of(TypeRule.OPERAND, "Illegal dimension in multianewarray instruction: " + dimensions);
        }
        for (int i = 0; i < dimensions; i++) {
            frame.pop(Types.INT);
        }
        frame.push(type);
    }

    /** Checks padding, bounds and order of a switch; its targets are the caller's. */
    void checkSwitch(int opcode, int bci) throws MethodFault {
        int aligned = (bci & ~3) + 4;
        RawClass raw = code.raw();
        if (raw.majorVersion() < 51) {
            for (int at = bci + 1; at < aligned; at++) {
                if (code.u1(at) != 0) {
                    throw MethodFault.of(TypeRule.OPERAND, "Nonzero padding byte in lookupswitch or tableswitch");
                }
            }
        }
        if (opcode == Opcode.LOOKUPSWITCH) {
            int pairs = code.s4(aligned + 4);
            for (int i = 1; i < pairs; i++) {
                if (code.s4(aligned + 8 * i) >= code.s4(aligned + 8 * i + 8)) {
                    throw MethodFault.of(TypeRule.OPERAND, "Bad lookupswitch instruction: keys aren't sorted");
                }
            }
        }
    }

    private void returnValue(int kind) throws MethodFault {
        int value;
        if (kind == Types.REFERENCE) {
            value = popReference();
        } else {
            if (Types.isTwoSlot(kind)) {
                frame.pop(kind + 1);
            }
            frame.pop(kind);
            value = kind;
        }
        if (code.returnType == Types.VOID) {
            throw MethodFault.of(TypeRule.RETURN_TYPE, "Method does not expect a return value");
        }
        if (!relations.isAssignable(value, code.returnType)) {
            throw MethodFault.ofTypes(TypeRule.RETURN_TYPE, "Bad return type", code.returnType, value);
        }
    }
}

package org.dvm.verifier.internal;

import java.nio.charset.StandardCharsets;
import org.dvm.core.classfile.RawClass;
import org.dvm.verifier.Assumption;
import org.dvm.verifier.Assumption.MemberKind;
import org.dvm.verifier.TypeRule;
import org.dvm.verifier.internal.Interpreter.Dialect;
import org.dvm.verifier.internal.Relations.Answer;

/**
 * Instructions that refer to constants: ldc, field instructions and invocations.
 *
 * <p><b>Threads:</b> confined to one thread; reused for one class after the other.
 *
 * @jvms 4.10.1.9
 */
final class Calls {
    /** Class file version from which static and special calls may name interface methods. */
    private static final int INTERFACE_CALLS = 52;

    private static final int CONSTANTS_ONE_SLOT = mask(
            RawClass.INTEGER,
            RawClass.FLOAT,
            RawClass.STRING,
            RawClass.CLASS,
            RawClass.METHOD_HANDLE,
            RawClass.METHOD_TYPE,
            RawClass.DYNAMIC);
    private static final int CONSTANTS_TWO_SLOTS = mask(RawClass.LONG, RawClass.DOUBLE, RawClass.DYNAMIC);

    private static final byte[] INIT = "<init>".getBytes(StandardCharsets.US_ASCII);

    private final NameTable names;
    private final Code code;
    private final Relations relations;
    private Frame frame = new Frame();
    private Dialect dialect = Dialect.TYPE_CHECKING;
    private int initialized;

    Calls(NameTable names, Code code, Relations relations) {
        this.names = names;
        this.code = code;
        this.relations = relations;
    }

    void use(Frame frame, Dialect dialect) {
        this.frame = frame;
        this.dialect = dialect;
    }

    int initialized() {
        return initialized;
    }

    private static int mask(int... tags) {
        int mask = 0;
        for (int tag : tags) {
            mask |= 1 << tag;
        }
        return mask;
    }

    /** Checks that an operand is a constant of one of the kinds, and returns its kind. */
    private int checkConstant(int index, int kinds) throws MethodFault {
        RawClass raw = code.raw();
        if (index == 0 || index >= raw.constantCount()) {
            throw MethodFault.of(TypeRule.CONSTANT_OPERAND, "Illegal constant pool index " + index);
        }
        int tag = raw.constantTag(index);
        if ((kinds & 1 << tag) == 0 || tag == 0) {
            throw MethodFault.of(TypeRule.CONSTANT_OPERAND, "Illegal type at constant pool entry " + index);
        }
        return tag;
    }

    void checkClassConstant(int index) throws MethodFault {
        checkConstant(index, 1 << RawClass.CLASS);
    }

    /** Checks the constant and the other operands that an instruction refers to, whatever the state. */
    void checkStatic(int opcode, int bci) throws MethodFault {
        switch (opcode) {
            case Opcode.LDC:
                checkLoadable(code.u1(bci + 1), 1);
                return;
            case Opcode.LDC_W:
            case Opcode.LDC2_W:
                checkLoadable(code.u2(bci + 1), opcode == Opcode.LDC_W ? 1 : 2);
                return;
            case Opcode.GETSTATIC:
            case Opcode.PUTSTATIC:
            case Opcode.GETFIELD:
            case Opcode.PUTFIELD:
                checkConstant(code.u2(bci + 1), 1 << RawClass.FIELD_REF);
                return;
            case Opcode.INVOKEVIRTUAL:
            case Opcode.INVOKESPECIAL:
            case Opcode.INVOKESTATIC:
            case Opcode.INVOKEINTERFACE:
            case Opcode.INVOKEDYNAMIC:
                checkCall(opcode, bci);
                return;
            default:
        }
    }

    private int checkLoadable(int index, int slots) throws MethodFault {
        int tag = checkConstant(index, slots == 1 ? CONSTANTS_ONE_SLOT : CONSTANTS_TWO_SLOTS);
        if (tag == RawClass.CLASS && code.raw().majorVersion() < 49) {
            throw MethodFault.of(TypeRule.CONSTANT_OPERAND, "Illegal type in constant pool: class constant");
        }
        return tag;
    }

    void loadConstant(int index, int slots) throws MethodFault {
        switch (checkLoadable(index, slots)) {
            case RawClass.INTEGER:
                frame.push(Types.INT);
                return;
            case RawClass.FLOAT:
                frame.push(Types.FLOAT);
                return;
            case RawClass.STRING:
                frame.push(Types.ofClass(NameTable.STRING));
                return;
            case RawClass.CLASS:
                frame.push(Types.ofClass(NameTable.CLASS));
                return;
            case RawClass.METHOD_HANDLE:
                frame.push(Types.ofClass(NameTable.METHOD_HANDLE));
                return;
            case RawClass.METHOD_TYPE:
                frame.push(Types.ofClass(NameTable.METHOD_TYPE));
                return;
            case RawClass.LONG:
                push2(Types.LONG);
                return;
            case RawClass.DOUBLE:
                push2(Types.DOUBLE);
                return;
            default:
                int type = names.fieldType(descriptorOf(index));
                if (Types.isTwoSlot(type) != (slots == 2)) {
                    throw MethodFault.of(TypeRule.CONSTANT_OPERAND, "Illegal type at constant pool entry " + index);
                }
                pushField(type);
        }
    }

    private void push2(int type) throws MethodFault {
        frame.push(type);
        frame.push(type + 1);
    }

    private void pushField(int type) throws MethodFault {
        if (Types.isTwoSlot(type)) {
            push2(type);
        } else {
            frame.push(type);
        }
    }

    private int nameAndType(int reference) {
        return code.raw().constantOffset(code.raw().u2(code.raw().constantOffset(reference) + 3));
    }

    private int nameOf(int reference) {
        return code.raw().u2(nameAndType(reference) + 1);
    }

    private int descriptorOf(int reference) {
        return code.raw().u2(nameAndType(reference) + 3);
    }

    private int ownerOf(int reference) throws MethodFault {
        return names.classType(code.raw().u2(code.raw().constantOffset(reference) + 1));
    }

    private void popAssignable(int expected) throws MethodFault {
        int found = frame.pop();
        if (found != expected && !relations.isAssignable(found, expected)) {
            throw Frame.badOperand(expected, found);
        }
    }

    void field(int opcode, int index) throws MethodFault {
        checkConstant(index, 1 << RawClass.FIELD_REF);
        int owner = ownerOf(index);
        boolean isStatic = opcode == Opcode.GETSTATIC || opcode == Opcode.PUTSTATIC;
        if (!Types.isObject(owner) && !isStatic && dialect == Dialect.TYPE_CHECKING) {
            throw MethodFault.of(
                    TypeRule.CONSTANT_OPERAND, "Expecting reference to class at constant pool index " + index);
        }
        int type = names.referencedType(index);
        if (opcode == Opcode.PUTSTATIC || opcode == Opcode.PUTFIELD) {
            if (Types.isTwoSlot(type)) {
                frame.pop(type + 1);
            }
            popFieldValue(opcode, index, owner, type);
        }
        if (!isStatic) {
            popFieldOwner(opcode, index, owner);
        }
        if (opcode == Opcode.GETSTATIC || opcode == Opcode.GETFIELD) {
            pushField(type);
        }
    }

    /** The inference verifier takes an uninitialized this for the value, too, where it takes it for the receiver. */
    private void popFieldValue(int opcode, int index, int owner, int type) throws MethodFault {
        int found = frame.pop();
        if (dialect == Dialect.INFERENCE && Types.isReference(type) && isPutBeforeSuper(opcode, index, owner, found)) {
            found = relations.thisType();
        }
        if (found != type && !relations.isAssignable(found, type)) {
            throw Frame.badOperand(type, found);
        }
    }

    private void popFieldOwner(int opcode, int index, int owner) throws MethodFault {
        int receiver = frame.pop();
        if (isPutBeforeSuper(opcode, index, owner, receiver)) {
            return;
        }
        if (receiver != owner && !relations.isAssignable(receiver, owner)) {
            throw Frame.badOperand(owner, receiver);
        }
        checkProtected(index, owner, MemberKind.FIELD, receiver);
    }

    /** Fields of a constructor's own class may be put before its superclass is initialized. */
    private boolean isPutBeforeSuper(int opcode, int index, int owner, int object) {
        return object == Types.UNINITIALIZED_THIS
                && opcode == Opcode.PUTFIELD
                && owner == relations.thisType()
                && relations.declaresField(nameOf(index), descriptorOf(index));
    }

    private void checkProtected(int reference, int owner, MemberKind kind, int receiver) throws MethodFault {
        if (receiver == relations.thisType()
                || receiver == Types.NULL
                || owner == relations.thisType()
                || !Types.isObject(owner)) {
            return;
        }
        if (relations.isSuperclass(Types.id(owner)) != Answer.NO
                && !relations.isProtectedUseAllowed(
                        Types.id(owner),
                        code.raw().utf8(nameOf(reference)),
                        code.raw().utf8(descriptorOf(reference)),
                        kind,
                        receiver)) {
            throw MethodFault.ofTypes(
                    TypeRule.PROTECTED_ACCESS, "Bad access to protected data", relations.thisType(), receiver);
        }
    }

    void invoke(int opcode, int bci) throws MethodFault {
        initialized = Types.TOP;
        int index = code.u2(bci + 1);
        // The inference verifier has checked all operands before it follows any path.
        boolean init = dialect == Dialect.INFERENCE ? isSpecial(names.call(index)) : checkCall(opcode, bci);
        int signature = names.call(index) >> 1;
        int[] signatures = names.signatures();
        int parameters = signatures[signature];
        for (int i = parameters - 1; i >= 0; i--) {
            popAssignable(signatures[signature + 2 + i]);
        }
        if (init) {
            initialize(index, ownerOf(index));
        } else if (opcode != Opcode.INVOKESTATIC && opcode != Opcode.INVOKEDYNAMIC) {
            popReceiver(opcode, index, ownerOf(index));
        }
        int results = signatures[signature + 1];
        if (results > 0 && init) {
            throw MethodFault.of(TypeRule.INITIALIZER_CALL, "Return type must be void in <init> method");
        }
        for (int i = 0; i < results; i++) {
            frame.push(signatures[signature + 2 + parameters + i]);
        }
    }

    /** Checks the operands of an invocation; returns whether it calls a constructor. */
    private boolean checkCall(int opcode, int bci) throws MethodFault {
        int index = code.u2(bci + 1);
        checkConstant(index, methodKinds(opcode));
        int call = names.call(index);
        checkCallOperands(opcode, bci, names.signatures()[call >> 1]);
        if (isSpecial(call)) {
            if (opcode != Opcode.INVOKESPECIAL || !code.raw().utf8Equals(nameOf(index), INIT)) {
                throw MethodFault.of(TypeRule.INITIALIZER_CALL, "Illegal call to internal method");
            }
            return true;
        }
        if (opcode == Opcode.INVOKESPECIAL) {
            checkSpecialOwner(index, ownerOf(index));
        }
        return false;
    }

    private static boolean isSpecial(int call) {
        return (call & 1) != 0;
    }

    private int methodKinds(int opcode) {
        switch (opcode) {
            case Opcode.INVOKEINTERFACE:
                return 1 << RawClass.INTERFACE_METHOD_REF;
            case Opcode.INVOKEDYNAMIC:
                return dialect == Dialect.INFERENCE ? 0 : 1 << RawClass.INVOKE_DYNAMIC;
            case Opcode.INVOKESPECIAL:
            case Opcode.INVOKESTATIC:
                // The inference verifier judges versions below 51 only, where both are plain methods' alone.
                return code.raw().majorVersion() >= INTERFACE_CALLS
                        ? 1 << RawClass.METHOD_REF | 1 << RawClass.INTERFACE_METHOD_REF
                        : 1 << RawClass.METHOD_REF;
            default:
                return 1 << RawClass.METHOD_REF;
        }
    }

    private void checkCallOperands(int opcode, int bci, int parameters) throws MethodFault {
        if (opcode == Opcode.INVOKEINTERFACE) {
            if (code.u1(bci + 3) != parameters + 1) {
                throw MethodFault.of(TypeRule.OPERAND, "Inconsistent args count operand in invokeinterface");
            }
            if (code.u1(bci + 4) != 0) {
                throw MethodFault.of(TypeRule.OPERAND, "Fourth operand byte of invokeinterface must be zero");
            }
        } else if (opcode == Opcode.INVOKEDYNAMIC && code.u2(bci + 3) != 0) {
            throw MethodFault.of(TypeRule.OPERAND, "Third and fourth operand bytes of invokedynamic must be zero");
        }
    }

    /** The owner of a special call is this class, a superclass or a direct superinterface. */
    private void checkSpecialOwner(int index, int owner) throws MethodFault {
        int id = Types.id(owner);
        if (owner == relations.thisType() || Types.isObject(owner) && id == relations.superId()) {
            return;
        }
        if (dialect == Dialect.INFERENCE) {
            checkSuperclass(owner);
        } else if (!Types.isObject(owner) || !relations.isDirectInterface(id)) {
            if (JvmRules.refusesDistantInterfaces(relations.world().jvm())) {
                checkDistantOwner(owner);
            } else {
                checkDistantOwnerBefore25(index, owner);
            }
        }
    }

    private void checkDistantOwner(int owner) throws MethodFault {
        if (Types.isObject(owner) && owner != NameTable.OBJECT_TYPE) {
            ClassFacts facts = relations.find(Types.id(owner));
            if (facts != null && facts.isInterface()) {
                throw notDirect();
            }
        }
        checkSuperclass(owner);
    }

    /** The reference's kind decides, whatever the owner is; a plain method's may belong to any interface. */
    private void checkDistantOwnerBefore25(int index, int owner) throws MethodFault {
        if (!relations.isAssignable(relations.thisType(), owner)) {
            throw notAssignable();
        }
        if (code.raw().constantTag(index) == RawClass.INTERFACE_METHOD_REF) {
            throw notDirect();
        }
    }

    private void checkSuperclass(int owner) throws MethodFault {
        Answer superclass = Types.isObject(owner) ? relations.isSuperclass(Types.id(owner)) : Answer.NO;
        if (superclass == Answer.NO) {
            throw notAssignable();
        }
        if (superclass == Answer.UNKNOWN) {
            relations.assumeOnce(new Assumption.SpecialOwner(names.name(Types.id(owner))));
        }
    }

    private static MethodFault notDirect() {
        return MethodFault.of(
                TypeRule.SPECIAL_TARGET,
                "Bad invokespecial instruction: interface method to invoke is not in a direct superinterface.");
    }

    private static MethodFault notAssignable() {
        return MethodFault.of(
                TypeRule.SPECIAL_TARGET,
                "Bad invokespecial instruction: current class isn't assignable to reference class.");
    }

    private void popReceiver(int opcode, int index, int owner) throws MethodFault {
        int receiver = frame.pop();
        int thisType = relations.thisType();
        if (opcode != Opcode.INVOKESPECIAL || dialect == Dialect.INFERENCE) {
            if (receiver != owner && !relations.isAssignable(receiver, owner)) {
                throw Frame.badOperand(owner, receiver);
            }
        }
        if (opcode == Opcode.INVOKESPECIAL) {
            if (receiver != thisType && !relations.isAssignable(receiver, thisType)) {
                throw Frame.badOperand(thisType, receiver);
            }
        } else if (opcode == Opcode.INVOKEVIRTUAL) {
            checkProtected(index, owner, MemberKind.METHOD, receiver);
        }
    }

    /** A constructor call: {@code super(...)}, {@code this(...)} or of an object just created. */
    private void initialize(int index, int owner) throws MethodFault {
        int object = frame.pop();
        if (object == Types.UNINITIALIZED_THIS) {
            if (owner != relations.thisType() && owner != Types.ofClass(relations.superId())) {
                throw MethodFault.ofTypes(
                        TypeRule.INITIALIZER_TARGET, "Bad <init> method call", relations.thisType(), owner);
            }
        } else if (Types.isUninitialized(object)) {
            int created = names.classType(code.u2(Types.bci(object) + 1));
            if (created != owner) {
                throw MethodFault.ofTypes(TypeRule.INITIALIZER_TARGET, "Call to wrong <init> method", created, owner);
            }
            checkProtected(index, owner, MemberKind.METHOD, created);
        } else {
            throw MethodFault.of(
                    TypeRule.OPERAND_TYPE,
                    "Bad operand type when invoking <init>: " + names.describe(object) + " isn't uninitialized");
        }
        initialized = object;
    }

    /** Returns what the last call initialized turns into. */
    int initializedType() throws MethodFault {
        return initialized == Types.UNINITIALIZED_THIS
                ? relations.thisType()
                : names.classType(code.u2(Types.bci(initialized) + 1));
    }
}

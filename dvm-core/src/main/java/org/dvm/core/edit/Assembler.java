package org.dvm.core.edit;

import org.dvm.core.classfile.RawClass;

/**
 * Appends instructions to a buffer and keeps count of the stack entries and variables that they need.
 *
 * <p>Knows calls with constants, which is all that most snippets are; what depends on the place of a snippet is
 * {@link SnippetCompiler}'s.
 */
final class Assembler {
    static final String OBJECT = "Ljava/lang/Object;";
    private static final String CLASS_TYPE = "Ljava/lang/Class;";
    private static final String STRING_TYPE = "Ljava/lang/String;";

    private final Constants constants;
    private final Output code = new Output();
    private int version;

    // Stack entries above what the method itself has there, and variables above all others, used within one group.
    private int depth;
    private int maxDepth;
    private int nextTemp;
    private int maxTemp;
    private int tempBase;

    Assembler(Constants constants) {
        this.constants = constants;
    }

    void startClass(RawClass raw) {
        version = raw.majorVersion();
    }

    /** Empties the buffer for a method whose own and added variables end at {@code tempBase}. */
    void start(int tempBase) {
        this.tempBase = tempBase;
        maxTemp = tempBase;
        maxDepth = 0;
        code.reset();
        startGroup();
    }

    /** Starts a group of snippets that stand together. */
    void startGroup() {
        depth = 0;
        nextTemp = tempBase;
    }

    Output code() {
        return code;
    }

    int version() {
        return version;
    }

    Constants constants() {
        return constants;
    }

    /** Returns the number of variables with those that the snippets so far have used. */
    int maxLocals() {
        return maxTemp;
    }

    /** Returns the stack entries needed since the last call of this method, and forgets them. */
    int takeMaxDepth() {
        int taken = maxDepth;
        maxDepth = 0;
        return taken;
    }

    // ---- calls ----

    /** Appends a snippet that is nothing but a call with constants. */
    void plainCall(Snippet snippet) {
        StaticMember method = snippet.method();
        int count = method.parameterCount();
        for (int i = 0; i < count; i++) {
            Value value = snippet.value(i);
            push(value);
            if (value.kind() >= Value.STRING) {
                castConstant(value, method.descriptor(), typeOfParameter(method.descriptor(), i));
            }
        }
        invoke(method);
        drop(method.returnKind());
    }

    /** Returns where the type of a parameter starts in a descriptor. */
    static int typeOfParameter(String descriptor, int index) {
        int type = 1;
        for (int i = 0; i < index; i++) {
            type = Descriptors.next(descriptor, type);
        }
        return type;
    }

    void invoke(StaticMember method) {
        int opcode = Bytecode.INVOKESTATIC;
        int tag = RawClass.METHOD_REF;
        StaticMember named = method;
        StaticMember inherited = method.inherited();
        if (inherited != null) {
            opcode = Bytecode.INVOKESPECIAL;
            named = inherited;
        } else if (method.ownerIsInterface()) {
            tag = RawClass.INTERFACE_METHOD_REF;
            if (version < 52) {
                throw DoesNotFit.of(
                        EditRule.VERSION_TOO_OLD,
                        "a static method of an interface needs class file version 52, this is " + version);
            }
        }
        code.u1u2(opcode, constants.member(tag, named));
        moveStack(Descriptors.slots(method.returnKind()) - method.argumentSlots());
    }

    /** Drops a value of that type from the stack. */
    void drop(char kind) {
        if (kind != 'V') {
            int slots = Descriptors.slots(kind);
            op(slots == 2 ? Bytecode.POP2 : Bytecode.POP, -slots);
        }
    }

    void duplicate(int slots) {
        op(slots == 2 ? Bytecode.DUP2 : Bytecode.DUP, slots);
    }

    // ---- constants ----

    /** Pushes a constant. */
    void push(Value constant) {
        switch (constant.kind()) {
            case Value.INT -> pushInt(constant.number());
            case Value.LONG -> pushLong(constant.longNumber());
            case Value.STRING -> loadConstant(constants.string(constant.text()));
            case Value.CLASS -> pushClass(constant.text());
            case Value.NULL -> op(Bytecode.ACONST_NULL, 1);
            default -> pushField(constant.field());
        }
    }

    /** Casts a constant that has been pushed to the type that starts at that index of a descriptor. */
    void castConstant(Value constant, String descriptor, int type) {
        switch (constant.kind()) {
            case Value.STRING -> cast(STRING_TYPE, descriptor, type);
            case Value.CLASS -> cast(CLASS_TYPE, descriptor, type);
            case Value.STATIC_FIELD -> cast(constant.field().descriptor(), descriptor, type);
            default -> {
                // numbers, and null, which has every type
            }
        }
    }

    void pushInt(int value) {
        if (value >= -1 && value <= 5) {
            op(Bytecode.ICONST_0 + value, 1);
        } else if (value == (byte) value) {
            op(Bytecode.BIPUSH, 1);
            code.u1(value);
        } else if (value == (short) value) {
            op3(Bytecode.SIPUSH, value, 1);
        } else {
            loadConstant(constants.integer(value));
        }
    }

    private void pushLong(long value) {
        if (value == 0 || value == 1) {
            op(Bytecode.LCONST_0 + (int) value, 2);
        } else if (value == (short) value) {
            pushInt((int) value);
            op(Bytecode.I2L, 1);
        } else {
            op3(Bytecode.LDC2_W, constants.longConstant(value), 2);
        }
    }

    private void pushClass(String internalName) {
        if (version < 49) {
            throw DoesNotFit.of(
                    EditRule.VERSION_TOO_OLD, "a class constant needs class file version 49, this is " + version);
        }
        loadConstant(constants.classConstant(internalName));
    }

    private void loadConstant(int index) {
        if (index < 256) {
            op(Bytecode.LDC, 1);
            code.u1(index);
        } else {
            op3(Bytecode.LDC_W, index, 1);
        }
    }

    private void pushField(StaticMember field) {
        op3(
                Bytecode.GETSTATIC,
                constants.member(RawClass.FIELD_REF, field),
                Descriptors.slots(field.descriptor().charAt(0)));
    }

    /**
     * Casts the reference on top of the stack unless the verifier needs no help.
     *
     * @param from descriptor of its type; empty where that isn't known
     * @param type where in the descriptor the type wanted starts
     */
    void cast(String from, String descriptor, int type) {
        char kind = descriptor.charAt(type);
        if (kind != 'L' && kind != '[' || descriptor.startsWith(OBJECT, type)) {
            return;
        }
        int end = Descriptors.next(descriptor, type);
        if (from.length() != end - type || !descriptor.startsWith(from, type)) {
            String name = kind == 'L' ? descriptor.substring(type + 1, end - 1) : descriptor.substring(type, end);
            code.u1u2(Bytecode.CHECKCAST, constants.classConstant(name));
        }
    }

    // ---- variables ----

    /** Pushes the first value of a variable of that type and stores it. */
    void initialize(char kind, int slot) {
        switch (Bytecode.typeOffset(kind)) {
            case 1 -> op(Bytecode.LCONST_0, 2);
            case 2 -> op(Bytecode.FCONST_0, 1);
            case 3 -> op(Bytecode.DCONST_0, 2);
            case 4 -> op(Bytecode.ACONST_NULL, 1);
            default -> op(Bytecode.ICONST_0, 1);
        }
        store(kind, slot);
    }

    /** Copies a variable. */
    void copy(char kind, int from, int to) {
        load(kind, from);
        store(kind, to);
    }

    /** Stores the value on top of the stack into a variable that is free for the group at hand, and returns which. */
    int storeAside(char kind) {
        int temp = nextTemp;
        nextTemp = temp + Descriptors.slots(kind);
        if (nextTemp > 65535) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "more than 65535 local variables");
        }
        maxTemp = Math.max(maxTemp, nextTemp);
        store(kind, temp);
        return temp;
    }

    void load(char kind, int slot) {
        int type = Bytecode.typeOffset(kind);
        if (slot <= 3) {
            op(Bytecode.ILOAD_0 + 4 * type + slot, Descriptors.slots(kind));
        } else {
            variable(Bytecode.ILOAD + type, slot, Descriptors.slots(kind));
        }
    }

    void store(char kind, int slot) {
        int type = Bytecode.typeOffset(kind);
        if (slot <= 3) {
            op(Bytecode.ISTORE_0 + 4 * type + slot, -Descriptors.slots(kind));
        } else {
            variable(Bytecode.ISTORE + type, slot, -Descriptors.slots(kind));
        }
    }

    private void variable(int opcode, int slot, int stackChange) {
        if (slot > 255) {
            code.u1(Bytecode.WIDE);
            code.u1u2(opcode, slot);
            moveStack(stackChange);
        } else {
            op(opcode, stackChange);
            code.u1(slot);
        }
    }

    // ---- instructions ----

    void op(int opcode, int stackChange) {
        code.u1(opcode);
        moveStack(stackChange);
    }

    void op3(int opcode, int operand, int stackChange) {
        code.u1u2(opcode, operand);
        moveStack(stackChange);
    }

    private void moveStack(int change) {
        depth += change;
        maxDepth = Math.max(maxDepth, depth);
    }
}

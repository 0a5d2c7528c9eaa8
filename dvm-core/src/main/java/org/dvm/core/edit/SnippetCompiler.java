package org.dvm.core.edit;

import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Turns snippets into bytecode.
 *
 * <p>The code is straight, so that it needs no stack map frame whatever the types around it are. The one exception is
 * the guard of a snippet at entry, where the frame is known; guarded snippets elsewhere go into a helper method.
 */
final class SnippetCompiler {
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String THROWABLE = "Ljava/lang/Throwable;";
    private static final String CLASS_TYPE = "Ljava/lang/Class;";
    private static final String STRING_TYPE = "Ljava/lang/String;";
    private static final String OBJECT_ARRAY = "[Ljava/lang/Object;";
    private static final String BOXED_KINDS = "ZBCSIJFD";
    private static final String[] BOXES = {
        "java/lang/Boolean",
        "java/lang/Byte",
        "java/lang/Character",
        "java/lang/Short",
        "java/lang/Integer",
        "java/lang/Long",
        "java/lang/Float",
        "java/lang/Double"
    };

    private final Constants constants;
    private final Output code = new Output();

    // The class and method at hand.
    private @Nullable RawClass raw;
    private @Nullable String methodDescriptor;
    private RawClass.@Nullable Member method;
    private int version;
    private @Nullable SavedValues saved;

    // Stack entries above what the method itself has there, and variables above all others, used within one group.
    private int depth;
    private int maxDepth;
    private int nextTemp;
    private int maxTemp;
    private int tempBase;

    // Where the arguments of the call about to be made are kept; -1 where they are not.
    private int[] argumentTemps = new int[8];
    private int receiverTemp;
    private @Nullable CallSite call;

    /** Positions within the buffer at which the code of a guard is skipped to. */
    private int[] guardFrames = new int[4];

    private int guardFrameCount;

    SnippetCompiler(Constants constants) {
        this.constants = constants;
    }

    void startClass(RawClass raw) {
        this.raw = raw;
        version = raw.majorVersion();
    }

    /** Prepares for a method of the class, whose own and added variables end at {@code tempBase}. */
    void startMethod(RawClass.Member method, SavedValues saved, int tempBase) {
        start(saved, tempBase);
        this.method = method;
    }

    /** Prepares for a method that edits add. */
    void startAdded(String descriptor, SavedValues saved, int tempBase) {
        start(saved, tempBase);
        this.methodDescriptor = descriptor;
    }

    private void start(SavedValues saved, int tempBase) {
        methodDescriptor = null;
        method = null;
        this.saved = saved;
        this.tempBase = tempBase;
        maxTemp = tempBase;
        maxDepth = 0;
        code.reset();
        guardFrameCount = 0;
    }

    Output code() {
        return code;
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

    int guardFrameCount() {
        return guardFrameCount;
    }

    int guardFrame(int index) {
        return guardFrames[index];
    }

    /** Starts a group of snippets that stand together. */
    void startGroup() {
        depth = 0;
        nextTemp = tempBase;
        call = null;
        receiverTemp = -1;
    }

    // ---- snippets ----

    /**
     * Compiles one snippet.
     *
     * @param snippet what to call
     * @param atHand descriptor of the value on top of the stack that the snippet may use or replace, null if none
     */
    void snippet(Snippet snippet, @Nullable String atHand) {
        List<Value> values = snippet.values();
        boolean replaces = snippet.result() instanceof Snippet.Result.AsReturnValue;
        int uses = atHand == null ? 0 : snippet.usesOfValueAtHand();
        int onStack = 0;
        int temp = -1;
        int slots = atHand == null ? 0 : Descriptors.slots(atHand.charAt(0));
        if (atHand != null && (uses > 0 || replaces)) {
            if (uses == 0) {
                op(slots == 2 ? Bytecode.POP2 : Bytecode.POP, -slots);
            } else if (uses == 1 && isValueAtHand(values.get(0))) {
                if (!replaces) {
                    op(slots == 2 ? Bytecode.DUP2 : Bytecode.DUP, slots);
                }
                onStack = 1;
            } else {
                temp = store(atHand.charAt(0), slots);
            }
        }
        String descriptor = snippet.descriptor();
        int type = 1;
        for (int i = 0; i < values.size(); i++) {
            if (i < onStack) {
                convertValueAtHand(values.get(i), atHand, descriptor, type);
            } else {
                push(values.get(i), descriptor, type, atHand, temp);
            }
            type = Descriptors.next(descriptor, type);
        }
        invoke(snippet);
        storeResult(snippet, atHand);
        if (temp >= 0 && !replaces && atHand != null) {
            load(atHand.charAt(0), temp);
        }
    }

    /**
     * Compiles one snippet of an added method.
     *
     * @param returned descriptor of what is to be left on the stack, {@code V} for nothing
     */
    void statement(Snippet snippet, String returned) {
        List<Value> values = snippet.values();
        int type = 1;
        for (int i = 0; i < values.size(); i++) {
            push(values.get(i), snippet.descriptor(), type, null, -1);
            type = Descriptors.next(snippet.descriptor(), type);
        }
        invoke(snippet);
        if (returned.equals("V")) {
            storeResult(snippet, null);
        } else {
            cast(Descriptors.returnType(snippet.descriptor()), returned, 0);
        }
    }

    /** Ends an added method; what it returns is on the stack. */
    void returnFrom(String returned) {
        code.u1(returned.equals("V") ? Bytecode.RETURN : Bytecode.IRETURN + Bytecode.typeOffset(returned.charAt(0)));
    }

    private static boolean isValueAtHand(Value value) {
        return value instanceof Value.ReturnValue || value instanceof Value.Thrown;
    }

    private void convertValueAtHand(Value value, @Nullable String atHand, String descriptor, int type) {
        String from = atHand == null ? OBJECT : atHand;
        if (value instanceof Value.ReturnValue returned && returned.boxing() == Value.Boxing.BOXED) {
            from = box(from);
        }
        cast(from, descriptor, type);
    }

    private void invoke(Snippet snippet) {
        String descriptor = snippet.descriptor();
        if (snippet.ownerIsInterface() && version < 52) {
            throw DoesNotFit.of(
                    EditRule.VERSION_TOO_OLD,
                    "a static method of an interface needs class file version 52, this is " + version);
        }
        int opcode = Bytecode.INVOKESTATIC;
        if (snippet.callsInherited()) {
            opcode = Bytecode.INVOKESPECIAL;
            descriptor = "(" + descriptor.substring(Descriptors.next(descriptor, 1));
        }
        int tag = snippet.ownerIsInterface() ? RawClass.INTERFACE_METHOD_REF : RawClass.METHOD_REF;
        code.u1u2(opcode, constants.member(tag, snippet.owner(), snippet.name(), descriptor));
        moveStack(Descriptors.slots(snippet.returnKind()) - snippet.argumentSlots());
    }

    private void storeResult(Snippet snippet, @Nullable String atHand) {
        Snippet.Result result = snippet.result();
        char kind = snippet.returnKind();
        if (result instanceof Snippet.Result.Dropped) {
            if (kind != 'V') {
                int slots = Descriptors.slots(kind);
                op(slots == 2 ? Bytecode.POP2 : Bytecode.POP, -slots);
            }
        } else if (result instanceof Snippet.Result.IntoParameter parameter) {
            int type = parameterType(parameter.index());
            cast(Descriptors.returnType(snippet.descriptor()), methodDescriptor(), type);
            int copy = saved().parameterCopy(parameter.index());
            if (copy >= 0) {
                int slots = Descriptors.slots(kind);
                op(slots == 2 ? Bytecode.DUP2 : Bytecode.DUP, slots);
                storeAt(kind, copy);
            }
            storeAt(kind, saved().ownSlot(parameter.index()));
        } else if (result instanceof Snippet.Result.IntoLocal local) {
            String wanted = local.variable().descriptor();
            cast(Descriptors.returnType(snippet.descriptor()), wanted, 0);
            storeAt(kind, saved().slotOf(local.variable()));
        } else if (atHand != null) {
            cast(Descriptors.returnType(snippet.descriptor()), atHand, 0);
        }
    }

    // ---- calls about to be made ----

    /** Compiles the snippets before a call; receiver and arguments are on the stack and stay there. */
    void beforeCall(CallSite site, List<Snippet> snippets) {
        int first = firstArgumentUsed(snippets);
        call = site;
        String descriptor = site.descriptor();
        int parameters = Descriptors.parameterCount(descriptor);
        if (argumentTemps.length < parameters) {
            argumentTemps = new int[parameters];
        }
        if (first <= parameters - 1) {
            storeArguments(Descriptors.parameters(descriptor), first);
        }
        for (int i = 0; i < snippets.size(); i++) {
            snippet(snippets.get(i), null);
        }
        if (first <= parameters - 1) {
            loadArguments(Descriptors.parameters(descriptor), first);
        }
    }

    /** Returns the first argument from which on all are needed: -1 for the receiver, a large number for none. */
    private static int firstArgumentUsed(List<Snippet> snippets) {
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < snippets.size(); i++) {
            for (Value value : snippets.get(i).values()) {
                if (value instanceof Value.Receiver) {
                    return -1;
                } else if (value instanceof Value.CallArgument argument) {
                    first = Math.min(first, argument.index());
                }
            }
        }
        return first;
    }

    private void storeArguments(String[] types, int first) {
        for (int i = types.length - 1; i >= Math.max(first, 0); i--) {
            argumentTemps[i] = store(types[i].charAt(0), Descriptors.slots(types[i].charAt(0)));
        }
        if (first < 0) {
            receiverTemp = store('L', 1);
        }
    }

    private void loadArguments(String[] types, int first) {
        if (first < 0) {
            load('L', receiverTemp);
        }
        for (int i = Math.max(first, 0); i < types.length; i++) {
            load(types[i].charAt(0), argumentTemps[i]);
        }
    }

    // ---- guards ----

    /** Compiles guarded snippets at entry, where the frame to skip to is known. */
    void guardedAtEntry(OnceGuard guard, List<Snippet> snippets) {
        int field = constants.member(RawClass.FIELD_REF, guard.owner(), guard.name(), "Z");
        op3(Bytecode.GETSTATIC, field, 1);
        int branch = code.size();
        op3(Bytecode.IFNE, 0, -1);
        for (int i = 0; i < snippets.size(); i++) {
            snippet(snippets.get(i), null);
        }
        if (guard.setter() == OnceGuard.Setter.SNIPPET) {
            op(Bytecode.ICONST_0 + 1, 1);
            op3(Bytecode.PUTSTATIC, field, -1);
        }
        int distance = code.size() - branch;
        if (distance > Short.MAX_VALUE) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "guarded snippets exceed 32 KB");
        }
        code.setU2(branch + 1, distance);
        if (guardFrameCount == guardFrames.length) {
            guardFrames = Arrays.copyOf(guardFrames, 2 * guardFrameCount);
        }
        guardFrames[guardFrameCount++] = code.size();
    }

    // ---- values ----

    private void push(Value value, String descriptor, int type, @Nullable String atHand, int atHandTemp) {
        if (value instanceof Value.IntConstant constant) {
            pushInt(constant.value());
        } else if (value instanceof Value.LongConstant constant) {
            pushLong(constant.value());
        } else if (value instanceof Value.StringConstant constant) {
            loadConstant(constants.string(constant.value()));
            cast(STRING_TYPE, descriptor, type);
        } else if (value instanceof Value.ClassConstant constant) {
            pushClass(constant.internalName());
            cast(CLASS_TYPE, descriptor, type);
        } else if (value instanceof Value.NullConstant) {
            op(Bytecode.ACONST_NULL, 1);
        } else if (value instanceof Value.ThisObject) {
            load('L', saved().thisSlot());
            castThis(descriptor, type);
        } else if (value instanceof Value.Parameter parameter) {
            int from = parameterType(parameter.index());
            load(methodDescriptor().charAt(from), saved().parameterSlot(parameter.index()));
            castParameter(from, descriptor, type);
        } else if (value instanceof Value.ParameterArray) {
            pushParameterArray();
            cast(OBJECT_ARRAY, descriptor, type);
        } else if (value instanceof Value.StaticField field) {
            op3(
                    Bytecode.GETSTATIC,
                    constants.member(RawClass.FIELD_REF, field.owner(), field.name(), field.descriptor()),
                    Descriptors.slots(field.descriptor().charAt(0)));
            cast(field.descriptor(), descriptor, type);
        } else if (value instanceof Value.Local local) {
            String from = local.variable().descriptor();
            load(from.charAt(0), saved().slotOf(local.variable()));
            cast(from, descriptor, type);
        } else if (value instanceof Value.Receiver) {
            load('L', receiverTemp);
            cast("", descriptor, type);
        } else if (value instanceof Value.CallArgument argument && call != null) {
            String from = Descriptors.parameters(call.descriptor())[argument.index()];
            load(from.charAt(0), argumentTemps[argument.index()]);
            cast(from, descriptor, type);
        } else if (atHand == null) {
            op(Bytecode.ACONST_NULL, 1); // the boxed result of a void method
        } else {
            load(atHand.charAt(0), atHandTemp);
            convertValueAtHand(value, atHand, descriptor, type);
        }
    }

    private void pushInt(int value) {
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

    private void pushParameterArray() {
        int count = Descriptors.parameterCount(methodDescriptor());
        pushInt(count);
        code.u1u2(Bytecode.ANEWARRAY, constants.classConstant("java/lang/Object"));
        int type = 1;
        for (int i = 0; i < count; i++) {
            op(Bytecode.DUP, 1);
            pushInt(i);
            load(methodDescriptor().charAt(type), saved().parameterSlot(i));
            boxPrimitive(methodDescriptor().charAt(type));
            op(Bytecode.AASTORE, -3);
            type = Descriptors.next(methodDescriptor(), type);
        }
    }

    /** Boxes the value on top of the stack and returns the descriptor of what is there then. */
    private String box(String from) {
        char kind = from.charAt(0);
        if (kind == 'L' || kind == '[') {
            return from;
        }
        boxPrimitive(kind);
        return "L" + BOXES[BOXED_KINDS.indexOf(kind)] + ";";
    }

    private void boxPrimitive(char kind) {
        int box = BOXED_KINDS.indexOf(kind);
        if (box >= 0) {
            String type = BOXES[box];
            code.u1u2(
                    Bytecode.INVOKESTATIC,
                    constants.member(RawClass.METHOD_REF, type, "valueOf", "(" + kind + ")L" + type + ";"));
            moveStack(1 - Descriptors.slots(kind));
        }
    }

    /** Casts the reference on top of the stack unless the verifier needs no help. */
    private void cast(String from, String descriptor, int type) {
        char kind = descriptor.charAt(type);
        if (kind != 'L' && kind != '[' || descriptor.startsWith(OBJECT, type)) {
            return;
        }
        int end = Descriptors.next(descriptor, type);
        boolean same = from.length() == end - type && descriptor.startsWith(from, type);
        if (!same && !(from.equals(THROWABLE) && descriptor.startsWith(THROWABLE, type))) {
            String name = kind == 'L' ? descriptor.substring(type + 1, end - 1) : descriptor.substring(type, end);
            code.u1u2(Bytecode.CHECKCAST, constants.classConstant(name));
        }
    }

    private void castThis(String descriptor, int type) {
        if (raw != null && !descriptor.startsWith(OBJECT, type)) {
            cast("L" + raw.className() + ";", descriptor, type);
        }
    }

    private void castParameter(int from, String descriptor, int type) {
        if (!descriptor.startsWith(OBJECT, type)) {
            cast(methodDescriptor().substring(from, Descriptors.next(methodDescriptor(), from)), descriptor, type);
        }
    }

    /** Returns where the parameter's type starts in the method's descriptor. */
    private int parameterType(int index) {
        int type = 1;
        for (int i = 0; i < index; i++) {
            type = Descriptors.next(methodDescriptor(), type);
        }
        return type;
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
        storeAt(kind, slot);
    }

    /** Copies a variable. */
    void copy(char kind, int from, int to) {
        load(kind, from);
        storeAt(kind, to);
    }

    private int store(char kind, int slots) {
        int temp = nextTemp;
        nextTemp = temp + slots;
        if (nextTemp > 65535) {
            throw DoesNotFit.of(EditRule.METHOD_TOO_LARGE, "more than 65535 local variables");
        }
        maxTemp = Math.max(maxTemp, nextTemp);
        storeAt(kind, temp);
        return temp;
    }

    private void load(char kind, int slot) {
        int type = Bytecode.typeOffset(kind);
        if (slot <= 3) {
            op(Bytecode.ILOAD_0 + 4 * type + slot, Descriptors.slots(kind));
        } else {
            variable(Bytecode.ILOAD + type, slot, Descriptors.slots(kind));
        }
    }

    private void storeAt(char kind, int slot) {
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

    private void op(int opcode, int stackChange) {
        code.u1(opcode);
        moveStack(stackChange);
    }

    private void op3(int opcode, int operand, int stackChange) {
        code.u1u2(opcode, operand);
        moveStack(stackChange);
    }

    private void moveStack(int change) {
        depth += change;
        maxDepth = Math.max(maxDepth, depth);
    }

    /** Returns the method's descriptor, decoded when a snippet first needs it. */
    private String methodDescriptor() {
        String descriptor = methodDescriptor;
        if (descriptor == null) {
            if (raw == null || method == null) {
                throw new IllegalStateException("no method started");
            }
            descriptor = raw.memberDescriptor(method);
            methodDescriptor = descriptor;
        }
        return descriptor;
    }

    private SavedValues saved() {
        if (saved == null) {
            throw new IllegalStateException("no method started");
        }
        return saved;
    }
}

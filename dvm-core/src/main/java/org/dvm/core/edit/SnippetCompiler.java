package org.dvm.core.edit;

import java.util.Arrays;
import java.util.List;
import org.dvm.core.classfile.RawClass;
import org.jspecify.annotations.Nullable;

/**
 * Turns snippets into bytecode, whatever they need of their place.
 *
 * <p>The code is straight, so that it needs no stack map frame whatever the types around it are. The one exception is
 * the guard of a snippet at entry, where the frame is known; guarded snippets elsewhere go into a helper method.
 */
final class SnippetCompiler {
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

    private final Assembler assembler;
    private final Constants constants;
    private final Output code;

    // The class and method at hand.
    private @Nullable RawClass raw;
    private @Nullable String methodDescriptor;
    private RawClass.@Nullable Member method;
    private @Nullable SavedValues saved;

    // Where the arguments of the call about to be made are kept; -1 where they are not.
    private int[] argumentTemps = new int[8];
    private int receiverTemp;
    private @Nullable CallSite call;

    /** Positions within the buffer at which the code of a guard is skipped to. */
    private int[] guardFrames = new int[4];

    private int guardFrameCount;

    SnippetCompiler(Assembler assembler) {
        this.assembler = assembler;
        this.constants = assembler.constants();
        this.code = assembler.code();
    }

    /**
     * Prepares for a method of a class; the assembler has been started for it.
     *
     * @param saved the method's variables as snippets see them
     */
    void startMethod(RawClass raw, RawClass.Member method, SavedValues saved) {
        start(raw, saved);
        this.method = method;
    }

    /** Prepares for a method that edits add to a class; the assembler has been started for it. */
    void startAdded(RawClass raw, String descriptor, SavedValues saved) {
        start(raw, saved);
        this.methodDescriptor = descriptor;
    }

    private void start(RawClass raw, SavedValues saved) {
        this.raw = raw;
        this.saved = saved;
        methodDescriptor = null;
        method = null;
        guardFrameCount = 0;
    }

    Assembler assembler() {
        return assembler;
    }

    int guardFrameCount() {
        return guardFrameCount;
    }

    int guardFrame(int index) {
        return guardFrames[index];
    }

    /** Starts a group of snippets that stand together. */
    void startGroup() {
        assembler.startGroup();
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
        boolean replaces = snippet.result() == Snippet.AS_RETURN_VALUE;
        int uses = atHand == null ? 0 : snippet.usesOfValueAtHand();
        int onStack = 0;
        int temp = -1;
        int slots = atHand == null ? 0 : Descriptors.slots(atHand.charAt(0));
        if (atHand != null && (uses > 0 || replaces)) {
            if (uses == 0) {
                assembler.drop(atHand.charAt(0));
            } else if (uses == 1 && snippet.value(0).isAtHand()) {
                if (!replaces) {
                    assembler.duplicate(slots);
                }
                onStack = 1;
            } else {
                temp = assembler.storeAside(atHand.charAt(0));
            }
        }
        String descriptor = snippet.descriptor();
        int type = 1;
        for (int i = 0; i < snippet.valueCount(); i++) {
            if (i < onStack) {
                convertValueAtHand(snippet.value(i), atHand, descriptor, type);
            } else {
                push(snippet.value(i), descriptor, type, atHand, temp);
            }
            type = Descriptors.next(descriptor, type);
        }
        assembler.invoke(snippet.method());
        storeResult(snippet, atHand);
        if (temp >= 0 && !replaces && atHand != null) {
            assembler.load(atHand.charAt(0), temp);
        }
    }

    /**
     * Compiles one snippet of an added method.
     *
     * @param returned descriptor of what is to be left on the stack, {@code V} for nothing
     */
    void statement(Snippet snippet, String returned) {
        String descriptor = snippet.descriptor();
        int type = 1;
        for (int i = 0; i < snippet.valueCount(); i++) {
            push(snippet.value(i), descriptor, type, null, -1);
            type = Descriptors.next(descriptor, type);
        }
        assembler.invoke(snippet.method());
        if (returned.equals("V")) {
            storeResult(snippet, null);
        } else {
            assembler.cast(snippet.method().returnType(), returned, 0);
        }
    }

    /** Ends an added method; what it returns is on the stack. */
    void returnFrom(String returned) {
        code.u1(returned.equals("V") ? Bytecode.RETURN : Bytecode.IRETURN + Bytecode.typeOffset(returned.charAt(0)));
    }

    private void convertValueAtHand(Value value, @Nullable String atHand, String descriptor, int type) {
        String from = atHand == null ? Assembler.OBJECT : atHand;
        if (value.kind() == Value.BOXED_RETURNED) {
            from = box(from);
        }
        assembler.cast(from, descriptor, type);
    }

    private void storeResult(Snippet snippet, @Nullable String atHand) {
        char kind = snippet.method().returnKind();
        LocalVariable variable = snippet.resultVariable();
        if (snippet.result() == Snippet.DROPPED) {
            assembler.drop(kind);
        } else if (snippet.result() == Snippet.INTO_PARAMETER) {
            int parameter = snippet.resultParameter();
            castResult(snippet, methodDescriptor(), Assembler.typeOfParameter(methodDescriptor(), parameter));
            int copy = saved().parameterCopy(parameter);
            if (copy >= 0) {
                assembler.duplicate(Descriptors.slots(kind));
                assembler.store(kind, copy);
            }
            assembler.store(kind, saved().ownSlot(parameter));
        } else if (variable != null) {
            castResult(snippet, variable.descriptor(), 0);
            assembler.store(kind, saved().slotOf(variable));
        } else if (atHand != null) {
            castResult(snippet, atHand, 0);
        }
    }

    private void castResult(Snippet snippet, String descriptor, int type) {
        assembler.cast(snippet.method().returnType(), descriptor, type);
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
            Snippet snippet = snippets.get(i);
            for (int j = 0; j < snippet.valueCount(); j++) {
                Value value = snippet.value(j);
                if (value.kind() == Value.RECEIVER) {
                    return -1;
                } else if (value.kind() == Value.CALL_ARGUMENT) {
                    first = Math.min(first, value.number());
                }
            }
        }
        return first;
    }

    private void storeArguments(String[] types, int first) {
        for (int i = types.length - 1; i >= Math.max(first, 0); i--) {
            argumentTemps[i] = assembler.storeAside(types[i].charAt(0));
        }
        if (first < 0) {
            receiverTemp = assembler.storeAside('L');
        }
    }

    private void loadArguments(String[] types, int first) {
        if (first < 0) {
            assembler.load('L', receiverTemp);
        }
        for (int i = Math.max(first, 0); i < types.length; i++) {
            assembler.load(types[i].charAt(0), argumentTemps[i]);
        }
    }

    // ---- guards ----

    /** Compiles guarded snippets at entry, where the frame to skip to is known. */
    void guardedAtEntry(OnceGuard guard, List<Snippet> snippets) {
        int field = constants.member(RawClass.FIELD_REF, StaticMember.field(guard.owner(), guard.name(), "Z"));
        assembler.op3(Bytecode.GETSTATIC, field, 1);
        int branch = code.size();
        assembler.op3(Bytecode.IFNE, 0, -1);
        for (int i = 0; i < snippets.size(); i++) {
            snippet(snippets.get(i), null);
        }
        if (guard.setter() == OnceGuard.Setter.SNIPPET) {
            assembler.op(Bytecode.ICONST_0 + 1, 1);
            assembler.op3(Bytecode.PUTSTATIC, field, -1);
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
        switch (value.kind()) {
            case Value.THIS -> {
                assembler.load('L', saved().thisSlot());
                castThis(descriptor, type);
            }
            case Value.PARAMETER -> {
                int from = Assembler.typeOfParameter(methodDescriptor(), value.number());
                assembler.load(methodDescriptor().charAt(from), saved().parameterSlot(value.number()));
                castParameter(from, descriptor, type);
            }
            case Value.PARAMETER_ARRAY -> {
                pushParameterArray();
                assembler.cast(OBJECT_ARRAY, descriptor, type);
            }
            case Value.LOCAL -> {
                String from = value.variable().descriptor();
                assembler.load(from.charAt(0), saved().slotOf(value.variable()));
                assembler.cast(from, descriptor, type);
            }
            case Value.RECEIVER -> {
                assembler.load('L', receiverTemp);
                assembler.cast("", descriptor, type);
            }
            case Value.CALL_ARGUMENT -> {
                String from = Descriptors.parameters(call().descriptor())[value.number()];
                assembler.load(from.charAt(0), argumentTemps[value.number()]);
                assembler.cast(from, descriptor, type);
            }
            case Value.RETURNED, Value.BOXED_RETURNED, Value.THROWN -> {
                if (atHand == null) {
                    assembler.op(Bytecode.ACONST_NULL, 1); // the boxed result of a void method
                } else {
                    assembler.load(atHand.charAt(0), atHandTemp);
                    convertValueAtHand(value, atHand, descriptor, type);
                }
            }
            default -> {
                assembler.push(value);
                assembler.castConstant(value, descriptor, type);
            }
        }
    }

    private void pushParameterArray() {
        int count = Descriptors.parameterCount(methodDescriptor());
        assembler.pushInt(count);
        code.u1u2(Bytecode.ANEWARRAY, constants.classConstant("java/lang/Object"));
        int type = 1;
        for (int i = 0; i < count; i++) {
            assembler.op(Bytecode.DUP, 1);
            assembler.pushInt(i);
            assembler.load(methodDescriptor().charAt(type), saved().parameterSlot(i));
            boxPrimitive(methodDescriptor().charAt(type));
            assembler.op(Bytecode.AASTORE, -3);
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
            assembler.invoke(StaticMember.method(type, "valueOf", "(" + kind + ")L" + type + ";"));
        }
    }

    private void castThis(String descriptor, int type) {
        if (!descriptor.startsWith(Assembler.OBJECT, type)) {
            assembler.cast("L" + raw().className() + ";", descriptor, type);
        }
    }

    private void castParameter(int from, String descriptor, int type) {
        if (!descriptor.startsWith(Assembler.OBJECT, type)) {
            String own = methodDescriptor();
            assembler.cast(own.substring(from, Descriptors.next(own, from)), descriptor, type);
        }
    }

    // ---- the method at hand ----

    /** Returns the method's descriptor, decoded when a snippet first needs it. */
    private String methodDescriptor() {
        String descriptor = methodDescriptor;
        if (descriptor == null) {
            if (method == null) {
                throw new IllegalStateException("no method started");
            }
            descriptor = raw().memberDescriptor(method);
            methodDescriptor = descriptor;
        }
        return descriptor;
    }

    private RawClass raw() {
        if (raw == null) {
            throw new IllegalStateException("no method started");
        }
        return raw;
    }

    private SavedValues saved() {
        if (saved == null) {
            throw new IllegalStateException("no method started");
        }
        return saved;
    }

    private CallSite call() {
        if (call == null) {
            throw new IllegalStateException("no call is about to be made");
        }
        return call;
    }
}

package org.dvm.core.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dvm.core.classfile.RawClass;

/** Edit plans for whole classes, for tests over corpora. */
final class Plans {
    static final String PROBE = "org/dvm/core/edit/Probe";
    private static final OnceGuard GUARD = new OnceGuard(PROBE, "done");

    private Plans() {}

    /** A plan maker. */
    interface Plan {
        void edit(RawClass raw, int method, MethodEdits edits);
    }

    static ClassEdits edits(RawClass raw, Plan plan) {
        ClassEdits edits = new ClassEdits(raw);
        for (int i = 0; i < raw.methodCount(); i++) {
            if (raw.method(i).codeOffset() >= 0) {
                plan.edit(raw, i, edits.method(i));
            }
        }
        return edits;
    }

    static void entryAndExit(RawClass raw, int index, MethodEdits edits) {
        edits.atEntry(Snippet.call(PROBE, "enter", "(I)V", Value.of(index)));
        edits.atReturn(Snippet.call(PROBE, "exit", "(I)V", Value.of(index)));
    }

    static void wrapped(RawClass raw, int index, MethodEdits edits) {
        entryAndExit(raw, index, edits);
        edits.atThrowOut(
                Snippet.call(PROBE, "thrown", "(Ljava/lang/Throwable;I)V", Value.thrown(), Value.of(index + 100_000)));
        edits.atThrowBeforeSuper(
                Snippet.call(PROBE, "thrown", "(Ljava/lang/Throwable;I)V", Value.thrown(), Value.of(index + 200_000)));
    }

    static void callsAndBackEdges(RawClass raw, int index, MethodEdits edits) {
        edits.atBackEdges(Snippet.call(PROBE, "backEdge", "()V"));
        for (int bci : instructions(raw, index)) {
            int opcode = raw.u1(raw.codeStart(raw.method(index)) + bci);
            if (Bytecode.isCall(opcode) || opcode == Bytecode.NEW) {
                edits.before(bci, Snippet.call(PROBE, "number", "(I)V", Value.of(bci)));
            }
        }
    }

    /** Every place, with every value that it has. */
    static void everything(RawClass raw, int index, MethodEdits edits) {
        RawClass.Member method = raw.method(index);
        boolean instance = !edits.isStatic();
        String descriptor = raw.memberDescriptor(method);
        LocalVariable start = edits.newLocal("J");
        LocalVariable text = edits.newLocal("Ljava/lang/String;");
        edits.atEntry(Snippet.call(PROBE, "tick", "()J").storeInto(start));
        edits.atEntry(
                Snippet.call(PROBE, "once", "(Ljava/lang/String;J)V", Value.of("x\u00e4\u4e2d"), Value.of((long) index))
                        .once(GUARD));
        edits.atEntry(Snippet.call(PROBE, "array", "([Ljava/lang/Object;)V", Value.parameterArray()));
        String[] parameters = Descriptors.parameters(descriptor);
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].charAt(0) == 'L') {
                edits.atEntry(Snippet.call(PROBE, "same", "(Ljava/lang/Object;)Ljava/lang/Object;", Value.parameter(i))
                        .storeIntoParameter(i));
                edits.atReturn(Snippet.call(PROBE, "object", "(Ljava/lang/Object;)V", Value.parameter(i)));
            } else if (parameters[i].charAt(0) == 'J') {
                edits.atThrowOut(Snippet.call(PROBE, "longNumber", "(J)V", Value.parameter(i)));
            }
        }
        if (instance) {
            Snippet self = Snippet.call(PROBE, "object", "(Ljava/lang/Object;)V", Value.thisObject());
            edits.atInitializedEntry(self);
            edits.atThrowOut(self);
            edits.atReturn(self.once(GUARD));
        }
        edits.atReturn(Snippet.call(PROBE, "object", "(Ljava/lang/Object;)V", Value.boxedReturnValue()));
        edits.atReturn(Snippet.call(PROBE, "longNumber", "(J)V", Value.local(start)));
        edits.atThrowOut(
                Snippet.call(PROBE, "thrown", "(Ljava/lang/Throwable;I)V", Value.thrown(), Value.of(index + 100_000)));
        edits.atThrowOut(Snippet.call(PROBE, "object", "(Ljava/lang/Object;)V", Value.local(text)));
        edits.atThrowBeforeSuper(Snippet.call(PROBE, "longNumber", "(J)V", Value.local(start)));
        edits.atHandlers(Snippet.call(PROBE, "thrown", "(Ljava/lang/Throwable;I)V", Value.thrown(), Value.of(-1)));
        edits.atBackEdges(Snippet.call(PROBE, "longNumber", "(J)V", Value.local(start)));
        char result = Descriptors.returnKind(descriptor);
        if (result == 'L') {
            edits.atReturn(Snippet.call(PROBE, "same", "(Ljava/lang/Object;)Ljava/lang/Object;", Value.returnValue())
                    .replaceReturnValue());
        }
        for (int bci : instructions(raw, index)) {
            int opcode = raw.u1(raw.codeStart(method) + bci);
            if (Bytecode.isCall(opcode)) {
                call(raw, method, edits, bci);
            } else if (opcode == Bytecode.NEW) {
                edits.before(bci, Snippet.call(PROBE, "number", "(I)V", Value.of(bci)));
                edits.after(bci, Snippet.call(PROBE, "backEdge", "()V").once(GUARD));
            }
        }
    }

    private static void call(RawClass raw, RawClass.Member method, MethodEdits edits, int bci) {
        CallSite site = CallSite.at(raw, raw.codeStart(method) + bci);
        if (site.hasReceiver() && !site.isConstructor()) {
            edits.beforeCall(
                    bci,
                    Snippet.call(
                            PROBE,
                            "call",
                            "(Ljava/lang/Object;Ljava/lang/String;)V",
                            Value.receiver(),
                            Value.of(site.name())));
        }
        String[] arguments = Descriptors.parameters(site.descriptor());
        for (int i = 0; i < arguments.length; i++) {
            edits.beforeCall(bci, valueProbe(arguments[i].charAt(0), Value.callArgument(i)));
        }
        edits.afterCall(bci, Snippet.call(PROBE, "object", "(Ljava/lang/Object;)V", Value.boxedReturnValue()));
    }

    private static Snippet valueProbe(char kind, Value value) {
        return switch (kind) {
            case 'J' -> Snippet.call(PROBE, "longNumber", "(J)V", value);
            case 'F' -> Snippet.call(PROBE, "floating", "(F)V", value);
            case 'D' -> Snippet.call(PROBE, "doubleNumber", "(D)V", value);
            case 'L', '[' -> Snippet.call(PROBE, "object", "(Ljava/lang/Object;)V", value);
            default -> Snippet.call(PROBE, "number", "(I)V", value);
        };
    }

    /** Random insertions at random instructions. */
    static Plan random(Random random) {
        return (raw, index, edits) -> {
            List<Integer> bcis = instructions(raw, index);
            for (int i = random.nextInt(4); i > 0; i--) {
                int bci = bcis.get(random.nextInt(bcis.size()));
                Snippet snippet = random.nextInt(3) == 0
                        ? Snippet.call(PROBE, "once", "(Ljava/lang/String;J)V", Value.of("a"), Value.of(7L))
                        : Snippet.call(PROBE, "number", "(I)V", Value.of(random.nextInt()));
                if (random.nextInt(4) == 0) {
                    snippet = snippet.once(GUARD);
                }
                if (random.nextBoolean()) {
                    edits.before(bci, snippet);
                } else {
                    edits.after(bci, snippet);
                }
            }
            switch (random.nextInt(6)) {
                case 0 -> entryAndExit(raw, index, edits);
                case 1 -> wrapped(raw, index, edits);
                case 2 -> everything(raw, index, edits);
                case 3 -> callsAndBackEdges(raw, index, edits);
                default -> {
                    // only the random ones
                }
            }
        };
    }

    static List<Integer> instructions(RawClass raw, int index) {
        RawClass.Member method = raw.method(index);
        List<Integer> bcis = new ArrayList<>();
        int length = raw.codeLength(method);
        for (int bci = 0; bci < length; bci += Bytecode.length(raw.bytes(), raw.codeStart(method), bci, length)) {
            bcis.add(bci);
        }
        return bcis;
    }
}
